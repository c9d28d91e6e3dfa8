import { describe, expect, it } from "vitest";
import { Board } from "./board.svelte";
import { Desk } from "./desk.svelte";
import { Presses, type Press } from "./presses.svelte";
import { at, picture, ticket } from "./sample";
import { Sieve } from "./sieve.svelte";
import type { Ticket } from "./wire";
import { work, worksOn, type Work } from "./work";

const now = at(30);
const states = (t: Ticket, press: Work) => work(t, press, now);

describe("what a press does before the device has answered", () => {
  const held = ticket("a", 1, { state: "held", fire_at: at(40), course: 2 });
  it.each<[string, Ticket, Omit<Work, "ticket">, Partial<Ticket>]>([
    ["fire", held, { type: "fire" }, { state: "new", fired: now, fire_at: undefined }],
    ["fire taken back", ticket("a", 1, { fired: at(2) }), { type: "fire", undo: true }, { state: "held" }],
    ["hold", ticket("a", 1), { type: "hold" }, { state: "held" }],
    ["hold what fires by itself", held, { type: "hold" }, { state: "held", fire_at: undefined }],
    ["hold what is cooked", ticket("a", 1, { state: "started" }), { type: "hold" }, { state: "started" }],
    ["rush", ticket("a", 1), { type: "rush" }, { rush: now }],
    ["rush again", ticket("a", 1, { rush: at(5) }), { type: "rush" }, { rush: at(5) }],
    ["rush taken back", ticket("a", 1, { rush: at(5) }), { type: "rush", undo: true }, { rush: undefined }],
    ["rush what is done", ticket("a", 1, { state: "done" }), { type: "rush" }, { state: "done" }],
    ["collect", ticket("a", 1, { state: "done" }), { type: "collect" }, { collected: now }],
    ["collect what is cooked", ticket("a", 1), { type: "collect" }, { state: "new" }],
    ["serve", ticket("a", 1, { state: "done" }), { type: "serve" }, { state: "served", served: now }],
    ["serve what is held", held, { type: "serve" }, { state: "held" }],
    [
      "serve taken back",
      ticket("a", 1, { state: "served" }),
      { type: "serve", undo: true },
      { state: "done" },
    ],
    ["a slip", ticket("a", 1, { kind: "cancellation" }), { type: "hold" }, { state: "new" }],
  ])("%s", (_, before, press, after) => {
    expect(states(before, { ...press, ticket: "a" })).toMatchObject(after);
  });

  it("leaves to the device what only the device knows", () => {
    expect(states(held, { type: "fire", order: held.order }).state).toBe("held");
    expect(states(held, { type: "fire", order: held.order, course: 2 }).state).toBe("new");
    const served = ticket("a", 1, { state: "served" });
    expect(states(served, { type: "serve", order: served.order, undo: true }).state).toBe("served");
  });

  it("is about a ticket, an order, or a course of it", () => {
    const t = ticket("a", 1, { course: 2 });
    expect(worksOn({ type: "rush", ticket: "a" }, t)).toBe(true);
    expect(worksOn({ type: "rush", ticket: "b", order: t.order }, t)).toBe(false);
    expect(worksOn({ type: "rush", order: t.order }, t)).toBe(true);
    expect(worksOn({ type: "rush", order: t.order, course: 3 }, t)).toBe(false);
    expect(worksOn({ type: "stock" }, t)).toBe(false);
  });
});

describe("courses on the desk", () => {
  let made = 0;
  function setup(tickets: Ticket[]) {
    const sent: Press[] = [];
    const board = new Board();
    let n = 0;
    const presses = new Presses(
      (p) => sent.push(p) > 0,
      () => `k${++n}`,
      `work-${made++}`,
      () => Date.parse(now),
    );
    const desk = new Desk(board, presses, new Sieve());
    board.snapshot(picture({ tickets }));
    return { board, presses, desk, sent };
  }
  const ids = (list: readonly Ticket[]) => list.map((t) => t.id).join("");

  it("keeps held tickets apart, those with a time first", () => {
    const { desk } = setup([
      ticket("a", 1),
      ticket("b", 2, { state: "held" }),
      ticket("c", 3, { state: "held", fire_at: at(40) }),
    ]);
    expect(ids(desk.all)).toBe("a");
    expect(ids(desk.held)).toBe("cb");
  });

  it("fires and holds at once, before the device has answered", () => {
    const { desk, sent } = setup([ticket("a", 1), ticket("b", 2, { state: "held" })]);
    desk.fire("b");
    expect([ids(desk.all), ids(desk.held)]).toEqual(["ab", ""]);
    expect(desk.ticket("b")?.fired).toBe(now);
    expect(desk.hold("a")).toBe(true);
    expect([ids(desk.all), ids(desk.held)]).toEqual(["b", "a"]);
    expect(sent.map((p) => p.type)).toEqual(["fire", "hold"]);
  });

  it("does not hold what somebody cooks, nor a slip", () => {
    const { desk, sent } = setup([
      ticket("a", 1, { state: "started" }),
      ticket("b", 1, { kind: "cancellation" }),
    ]);
    expect(desk.hold("a")).toBe(false);
    expect(desk.hold("b")).toBe(false);
    expect(sent).toEqual([]);
  });

  it("puts rushed tickets first, the first rushed one before the others, and a fired one by its firing", () => {
    const { desk } = setup([
      ticket("a", 1),
      ticket("b", 2, { fired: at(20) }),
      ticket("c", 3, { rush: at(12) }),
      ticket("d", 4, { rush: at(11) }),
      ticket("e", 10),
    ]);
    expect(ids(desk.all)).toBe("dcaeb");
    expect(desk.rush("e")).toBe(true);
    expect(ids(desk.all)).toBe("dceab");
    expect(desk.rush("d")).toBe(false);
    expect(ids(desk.all)).toBe("ceadb");
  });

  it("rings for a held ticket when it is fired, not before", () => {
    const { board } = setup([]);
    const held = ticket("a", 1, { state: "held" });
    expect(board.change({ seq: 2, tickets: [held] })).toEqual([]);
    expect(board.change({ seq: 3, tickets: [{ ...held, state: "new", fired: now }] })).toEqual(["new"]);
  });
});
