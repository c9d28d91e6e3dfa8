import { describe, expect, it, vi } from "vitest";
import { Api } from "../lib/api";
import { byNeed, needOf, needs, pathOf, sections, soldOut } from "./floor";
import { House } from "./house.svelte";
import { Resource } from "./resource.svelte";
import type { FloorSession, Order, Place } from "./wire";

const visit = (table: string, session: object, states: Order["state"][] = []) =>
  ({
    session: { id: table, table, state: "open", ...session },
    orders: states.map((state) => ({ state })),
    guests: [],
    bill: {},
  }) as unknown as FloorSession;

describe("floor", () => {
  it("puts those first who want somebody", () => {
    const list = [
      visit("10", {}),
      visit("2", {}),
      visit("5", {}, ["ready"]),
      visit("4", { state: "bill_requested" }),
      visit("3", { help: [{ what: "water" }] }),
      visit("9", {}, ["preparing", "received"]),
    ];
    expect(byNeed(list, "en").map((s) => s.session.table)).toEqual(["9", "3", "4", "5", "2", "10"]);
    expect(list.map(needOf)).toEqual(["none", "none", "ready", "bill", "help", "waiting"]);
  });

  it("counts what wants somebody", () => {
    const sessions = [visit("1", { help: [{ what: "bill" }, { what: "water" }] })];
    expect(needs({ now: "", waiting: [{} as Order], sessions })).toBe(3);
    expect(needs(undefined)).toBe(0);
  });

  it("sorts places into sections as people count", () => {
    const place = (name: string, section?: string, retired = false) =>
      ({ table: { id: name, name, section, sort: 0, retired } }) as unknown as Place;
    const list = sections(
      [place("10", "Hall"), place("2", "Hall"), place("B1"), place("1", "Hall", true)],
      "en",
    );
    expect(list.map((s) => [s.name, s.places.map((p) => p.table.name)])).toEqual([
      ["Hall", ["2", "10"]],
      ["", ["B1"]],
    ]);
  });

  it("knows when sold out ends", () => {
    expect(soldOut(undefined, 0)).toBe(false);
    expect(soldOut({ key: "a", sold_out: true }, 0)).toBe(true);
    expect(
      soldOut({ key: "a", sold_out: true, until: "2026-11-20T18:00:00Z" }, Date.UTC(2026, 10, 20, 18)),
    ).toBe(false);
    expect(soldOut({ key: "a", sold_out: false, left: 0 }, 0)).toBe(true);
    expect(soldOut({ key: "a", sold_out: false, left: 1 }, 0)).toBe(false);
  });

  it("reads the path of a code and nothing else", () => {
    expect(pathOf('<svg viewBox="0 0 29 29"><rect/><path d="M0 0h1v1h-1z" fill="#000"/></svg>')).toEqual({
      size: 29,
      path: "M0 0h1v1h-1z",
    });
    expect(pathOf("<svg><script>")).toBeUndefined();
  });
});

describe("resource", () => {
  it("fetches once more for everything that changed during a fetch", async () => {
    let n = 0;
    const resource = new Resource(async () => ++n);
    resource.changed();
    expect(n).toBe(0);
    resource.want();
    resource.changed();
    resource.changed();
    await vi.waitFor(() => expect(resource.loading).toBe(false));
    expect(resource.value).toBe(2);
  });

  it("keeps what it has when a fetch fails", async () => {
    let fail = false;
    const resource = new Resource(async () => {
      if (fail) throw new Error("gone");
      return "old";
    });
    await resource.load();
    fail = true;
    await resource.load();
    expect(resource.value).toBe("old");
    expect(resource.problem?.code).toBe("offline");
    fail = false;
    await resource.load();
    expect(resource.problem).toBeUndefined();
  });
});

describe("house", () => {
  function setup(answers: (() => Response | Promise<Response>)[]) {
    const fetch = vi.fn(async (_url: unknown, _init?: RequestInit) => {
      const next = answers.length > 1 ? answers.shift()! : answers[0]!;
      return next();
    });
    const api = new Api(() => "key", { fetch: fetch as typeof globalThis.fetch, wait: async () => {} });
    const onproblem = vi.fn();
    const onremoved = vi.fn();
    return { fetch, onproblem, onremoved, house: new House({ key: "key", onproblem, onremoved, api }) };
  }
  const ok = () => new Response("{}", { status: 200, headers: { "Content-Type": "application/json" } });
  const lost = () => Promise.reject(new TypeError("network"));

  it("sends a payment again with the same key when the answer was lost", async () => {
    const { house, fetch } = setup([lost, lost, ok]);
    expect(await house.pay("s", "intention", "cash", 1250)).toBe(true);
    const bodies = fetch.mock.calls.map((c) => JSON.parse(String(c[1]!.body)));
    expect(bodies).toEqual(Array(3).fill({ key: "intention", kind: "cash", amount: 1250 }));
  });

  it("does not add tables twice when the answer was lost", async () => {
    const { house, fetch, onproblem } = setup([lost, ok]);
    expect(await house.addTables([{ name: "1", kind: "table" }])).toBe(false);
    expect(fetch).toHaveBeenCalledTimes(1);
    expect(onproblem).toHaveBeenCalledTimes(1);
  });

  it("asks to sign in again when the device does not know the key", async () => {
    const { house, onremoved } = setup([() => new Response("", { status: 401 })]);
    expect(await house.accept("o")).toBe(false);
    expect(onremoved).toHaveBeenCalledTimes(1);
  });

  it("fires the course it names, and sends that again without harm", async () => {
    const { house, fetch } = setup([lost, ok]);
    expect(await house.fire("o", 2)).toBe(true);
    expect(fetch.mock.calls.map((c) => [c[0], String(c[1]!.body)])).toEqual(
      Array(2).fill(["/api/owner/orders/o/fire", '{"course":2}']),
    );
  });

  it("sets a brake, and looks at the kitchen again", async () => {
    const { house, fetch } = setup([ok]);
    await house.kitchen.load();
    house.kitchen.want();
    expect(await house.setPace({ channel: "web", state: "slow", delay_seconds: 600 })).toBe(true);
    await vi.waitFor(() => expect(house.kitchen.loading).toBe(false));
    const asked = fetch.mock.calls.map((c) => `${c[1]!.method} ${String(c[0])}`);
    expect(asked.slice(-2)).toEqual(["PUT /api/owner/pace", "GET /api/owner/kitchen"]);
  });

  it("looks at the kitchen once for everything that happens within a second", async () => {
    vi.useFakeTimers();
    const { house, fetch } = setup([ok]);
    house.kitchen.want();
    await vi.advanceTimersByTimeAsync(0);
    const before = fetch.mock.calls.length;
    for (let i = 0; i < 50; i++) house.changed(["floor"]);
    await vi.advanceTimersByTimeAsync(1500);
    expect(fetch.mock.calls.length - before).toBe(1);
    house.changed(["menu"]);
    await vi.advanceTimersByTimeAsync(1500);
    expect(fetch.mock.calls.length - before).toBe(1);
    house.stop();
    vi.useRealTimers();
  });

  it("cancels a whole order or some of a line", async () => {
    const { house, fetch } = setup([ok]);
    await house.cancel("o", "wrong");
    await house.cancel("o", "burnt", 2, 1);
    const bodies = fetch.mock.calls.map((c) => JSON.parse(String(c[1]!.body)));
    expect(bodies[0]).toEqual({ key: expect.any(String), reason: "wrong" });
    expect(bodies[1]).toEqual({ key: expect.any(String), reason: "burnt", line: 2, quantity: 1 });
    expect(bodies[0].key).not.toBe(bodies[1].key);
  });
});
