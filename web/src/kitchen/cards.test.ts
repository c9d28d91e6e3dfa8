import { describe, expect, it } from "vitest";
import { Board } from "./board.svelte";
import { cardOf, cardUrgency, sortCards, type Card } from "./cards";
import { Desk } from "./desk.svelte";
import { Pass } from "./pass.svelte";
import { Prefs } from "./prefs.svelte";
import { Presses, type Press } from "./presses.svelte";
import { at, dish, order, picture, ticket } from "./sample";
import type { KitchenOrder, Station, Ticket } from "./wire";

const stations: Station[] = ["grill", "cold"].map((id) => ({
  id,
  name: { en: id },
  warn_after: 300,
  late_after: 600,
}));
const part = (id: string, more: Partial<Ticket> = {}) => ticket(id, 1, { order: "o", ...more });
const card = (tickets: Ticket[], more: Partial<KitchenOrder> = {}) =>
  cardOf(
    order("o", 1, { state: "preparing", tickets: tickets.map((t) => t.id), ...more }),
    tickets,
    stations,
  );

describe("a card", () => {
  it.each<[string, Partial<Ticket>[], string | undefined]>([
    ["nothing fired", [{ state: "held" }], "held"],
    ["cooking", [{ state: "new" }, { state: "started" }], "cooking"],
    ["some ready", [{ state: "done" }, { state: "new" }], "some"],
    ["a course ready", [{ state: "done" }, { state: "held", course: 2 }], "course"],
    ["all ready", [{ state: "done" }, { state: "done", collected: at(3) }], "whole"],
    ["the rest ready", [{ state: "served" }, { state: "done" }], "whole"],
    ["all on the table", [{ state: "served" }], undefined],
    ["only slips", [{ kind: "cancellation" }], undefined],
  ])("%s", (_, tickets, stage) => {
    expect(card(tickets.map((t, i) => part(`${i}`, t)))?.stage).toBe(stage);
  });

  it("counts units, without cancelled ones, and leaves out what is cancelled whole", () => {
    const c = card([
      part("a", { state: "started", items: [dish(0, "Soup", { quantity: 3, done: 1, cancelled: 1 })] }),
      part("b", { items: [dish(0, "Fish", { cancelled: 1 })] }),
    ]);
    expect(c?.parts.map((p) => [p.ticket.id, p.done, p.all])).toEqual([["a", 1, 2]]);
  });

  it("sorts parts by course and station, and knows what is fired next", () => {
    const c = card([
      part("a", { course: 2, state: "held", station: "grill" }),
      part("b", { course: 1, station: "cold" }),
      part("c", { course: 1, station: "grill" }),
      part("d", { course: 3, state: "held" }),
    ]);
    expect(c?.parts.map((p) => p.ticket.id).join("")).toBe("cbad");
    expect(c?.next.map((p) => p.ticket.id)).toEqual(["a"]);
  });

  it("is ready since its last part", () => {
    const c = card([part("a", { state: "done", done: at(5) }), part("b", { state: "done", done: at(7) })]);
    expect(c?.ready).toBe(at(7));
    expect(card([part("a", { state: "done", done: at(5) }), part("b")])?.ready).toBeUndefined();
  });

  it("is as urgent as its most urgent part, and late when the guest was told an earlier time", () => {
    const level = (c: Card | undefined, minute: number) =>
      cardUrgency(c!, Date.parse(at(minute)), (id) => stations.find((s) => s.id === id));
    const cooked = card([part("a"), part("b", { fired: at(8) })]);
    expect([level(cooked, 3), level(cooked, 7), level(cooked, 12)]).toEqual(["fresh", "warning", "late"]);
    const told = card([part("a")], { expected: { from: at(2), to: at(3) } });
    expect([level(told, 3), level(told, 4)]).toEqual(["fresh", "late"]);
    expect(level(card([part("a", { state: "done", done: at(2) })]), 40)).toBe("fresh");
  });

  it("is sorted by age, with rushed orders first and those that only wait last", () => {
    const of = (id: string, tickets: Partial<Ticket>[], more: Partial<KitchenOrder> = {}) =>
      cardOf(
        order(id, 1, { state: "preparing", ...more }),
        tickets.map((t, i) => ticket(`${id}${i}`, 1, { order: id, ...t })),
        stations,
      )!;
    const cards = [
      of("a", [{ created: at(3) }], { table: "10" }),
      of("b", [{ created: at(2) }], { table: "9" }),
      of("c", [{ created: at(4), rush: at(5) }], { table: "8" }),
      of("d", [{ state: "held", created: at(1) }], { table: "1" }),
      of("e", [{ created: at(5), state: "done", done: at(6) }], { table: "7" }),
    ];
    const ids = (by: "age" | "ready" | "table") =>
      sortCards(cards, by)
        .map((c) => c.id)
        .join("");
    expect(ids("age")).toBe("cbaed");
    expect(ids("ready")).toBe("cebad");
    expect(ids("table")).toBe("cebad");
  });
});

describe("the pass", () => {
  let made = 0;
  function setup(tickets: Ticket[], more: Partial<KitchenOrder> = {}) {
    const sent: Press[] = [];
    const board = new Board();
    board.expo = true;
    let n = 0;
    const presses = new Presses(
      (p) => sent.push(p) > 0,
      () => `k${++n}`,
      `pass-${made++}`,
      () => Date.parse(at(30)),
    );
    const desk = new Desk(board, presses);
    const pass = new Pass(board, presses, desk, new Prefs());
    const o = order("o", 1, { state: "preparing", tickets: tickets.map((t) => t.id), ...more });
    const done = tickets.filter((t) => t.state === "done");
    board.snapshot(
      picture({ stations, done, tickets: tickets.filter((t) => t.state !== "done"), orders: [o] }),
    );
    const wishes = () => sent.map(({ key: _key, at: _at, ...wish }) => wish);
    return { board, presses, pass, wishes, order: o };
  }
  const done = (id: string, more: Partial<Ticket> = {}) => part(id, { state: "done", done: at(9), ...more });

  it("serves all of an order as one, keeps its card a moment, and takes exactly that back", () => {
    const { pass, wishes } = setup([done("a"), done("b", { station: "cold" })]);
    const served = pass.tap("o", 1000);
    expect(wishes()).toEqual([{ type: "serve", order: "o" }]);
    expect([pass.cards.length, pass.lingers("o")]).toEqual([1, true]);
    pass.tap("o", 1500);
    expect(wishes().slice(1)).toEqual([
      { type: "serve", ticket: "a", undo: true },
      { type: "serve", ticket: "b", undo: true },
    ]);
    expect([pass.cards[0]?.stage, pass.lingers("o"), pass.served.length]).toEqual(["whole", false, 0]);
    served?.undo();
    expect(wishes(), "what was taken back is not taken back again").toHaveLength(3);
  });

  it("lets a served card go", () => {
    const { pass } = setup([done("a")]);
    pass.tap("o", 1000);
    pass.tick(3999);
    expect(pass.cards).toHaveLength(1);
    pass.tick(4000);
    expect(pass.cards).toHaveLength(0);
    expect(pass.takeBackLast()).toBe("o");
    expect(pass.cards).toHaveLength(1);
    expect(pass.takeBackLast()).toBeUndefined();
  });

  it("serves only what is ready while the rest is cooked", () => {
    const { pass, wishes } = setup([done("a"), part("b")]);
    pass.tap("o", 0);
    expect(wishes()).toEqual([{ type: "serve", ticket: "a" }]);
    expect(pass.lingers("o")).toBe(false);
    expect(pass.cards[0]?.parts.map((p) => p.state)).toEqual(["served", "new"]);
    expect(pass.tap("o", 0), "nothing is ready any more").toBeUndefined();
  });

  it("serves a course and leaves the held one", () => {
    const { pass, wishes } = setup([done("a", { course: 1 }), part("b", { course: 2, state: "held" })]);
    pass.tap("o", 0);
    expect(wishes()).toEqual([{ type: "serve", order: "o" }]);
    expect(pass.cards[0]?.stage).toBe("held");
  });

  it("collects a part, all of them, and puts them back", () => {
    const { pass, wishes } = setup([done("a"), done("b"), part("c")]);
    pass.collect("c");
    pass.collect("a");
    pass.collectAll("o");
    pass.collectAll("o");
    expect(wishes()).toEqual([
      { type: "collect", ticket: "a" },
      { type: "collect", order: "o" },
      { type: "collect", order: "o", undo: true },
    ]);
    expect(pass.cards[0]?.parts.map((p) => p.state)).toEqual(["ready", "ready", "new"]);
  });

  it("fires the next course, or what has no course, and takes that back", () => {
    const coursed = setup([done("a", { course: 1 }), part("b", { course: 2, state: "held" })]);
    coursed.pass.fireNext("o")?.undo();
    expect(coursed.wishes()).toEqual([
      { type: "fire", order: "o", course: 2 },
      { type: "fire", order: "o", course: 2, undo: true },
    ]);
    const slowed = setup([part("a", { state: "held", fire_at: at(40) })]);
    slowed.pass.fireNext("o");
    expect(slowed.wishes()).toEqual([{ type: "fire", ticket: "a" }]);
    expect(slowed.pass.cards[0]?.stage).toBe("cooking");
    expect(slowed.pass.fireNext("o")).toBeUndefined();
  });

  it("rushes an order and takes that back, but not one that is ready", () => {
    const { pass, wishes } = setup([part("a")]);
    expect([pass.rush("o"), pass.rush("o")]).toEqual([true, false]);
    expect(wishes()).toEqual([
      { type: "rush", order: "o" },
      { type: "rush", order: "o", undo: true },
    ]);
    expect(setup([done("a")]).pass.rush("o")).toBeUndefined();
  });

  it("works by keys: choose, go through the parts, collect, serve", () => {
    const { pass, wishes } = setup([done("a"), part("b"), done("c", { station: "cold" })]);
    pass.select(0);
    pass.toggleParts();
    expect(pass.part).toBe("a");
    pass.move("down");
    pass.enter();
    expect(wishes()).toEqual([{ type: "collect", ticket: "c" }]);
    pass.move("down");
    expect(pass.part).toBe("a");
    pass.toggleParts();
    pass.enter();
    expect(wishes().slice(1)).toEqual([
      { type: "serve", ticket: "a" },
      { type: "serve", ticket: "c" },
    ]);
  });

  it("tells of an order that has become ready, once", () => {
    const { board, pass, order: o } = setup([part("a")]);
    expect(pass.news()).toBe(false);
    board.change({ seq: 2, tickets: [done("a")], orders: [{ ...o, state: "ready" }] });
    expect([pass.news(), pass.news()]).toEqual([true, false]);
  });

  it("keeps what is on the table as long as its order is not over", () => {
    const { board, pass, order: o } = setup([done("a"), part("b")]);
    board.change({ seq: 2, tickets: [done("a", { state: "served" })] });
    expect(pass.cards[0]?.parts.map((p) => p.state)).toEqual(["served", "new"]);
    board.change({
      seq: 3,
      tickets: [done("b", { state: "served" })],
      orders: [{ ...o, state: "completed" }],
    });
    expect(pass.cards).toEqual([]);
    expect(board.ticket("a")).toBeUndefined();
  });
});
