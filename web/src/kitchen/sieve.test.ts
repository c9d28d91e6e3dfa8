import { beforeEach, describe, expect, it } from "vitest";
import { forget } from "../lib/storage";
import { at, ticket } from "./sample";
import { Sieve } from "./sieve.svelte";
import type { Station, Ticket } from "./wire";

const grill: Station = {
  id: "grill",
  name: {},
  warn_after: 600,
  late_after: 900,
  take_away: { warn_after: 240, late_after: 420 },
};
const station = () => grill;
/** Seen long ago, so that only the filter decides. */
const seen = (id: string, minute: number, more: Partial<Ticket> = {}) =>
  ticket(id, minute, { seen: at(minute), ...more });
const around = (minute: number) => ({ now: Date.parse(at(minute)), station });

describe("sieve", () => {
  beforeEach(() => forget("comanda.kitchen.sieve"));

  it.each<[string, Parameters<Sieve["set"]>[0], string]>([
    ["nothing", {}, "abcd"],
    ["take-away", { dining: "take_away" }, "b"],
    ["one channel", { channel: "telegram" }, "c"],
    ["allergies", { allergies: true }, "d"],
    ["late ones, take-away earlier than the others", { late: true }, "ab"],
    ["two things at once", { late: true, dining: "take_away" }, "b"],
  ])("filters by %s", (_, set, want) => {
    const sieve = new Sieve();
    sieve.set(set);
    const tickets = [
      seen("a", 0),
      seen("b", 10, { dining: "take_away" }),
      seen("c", 10, { channel: "telegram" }),
      seen("d", 12, { allergies: ["nuts"] }),
    ];
    const kept = tickets.filter((t) => sieve.keeps(t, around(18)));
    expect(kept.map((t) => t.id).join("")).toBe(want);
    expect(sieve.active).toBe(want !== "abcd");
  });

  it.each<[string, Partial<Ticket>]>([
    ["a cancellation", { kind: "cancellation" }],
    ["a rushed ticket", { rush: at(5) }],
    ["what nobody has seen", { seen: undefined }],
    ["what was seen half a minute ago", { seen: "2026-11-20T18:29:31.000Z" }],
    ["what the device misses on every screen", { seen: undefined, unseen: at(3) }],
  ])("never hides %s", (_, more) => {
    const sieve = new Sieve();
    sieve.set({ dining: "take_away", allergies: true, late: true });
    expect(sieve.keeps({ ...seen("a", 0), ...more } as Ticket, around(30))).toBe(true);
  });

  it("sorts by age, by table as people count, by what is late first, and rushed tickets before all", () => {
    const sieve = new Sieve();
    const tickets = [
      seen("a", 3, { table: "10" }),
      seen("b", 1, { table: "9" }),
      seen("c", 5, { table: "2", dining: "take_away" }),
      seen("d", 9, { table: "11", rush: at(10) }),
    ];
    const order = () =>
      sieve
        .sort(tickets, station)
        .map((t) => t.id)
        .join("");
    expect(order()).toBe("dbac");
    sieve.set({ sorting: "table" });
    expect(order()).toBe("dcba");
    sieve.set({ sorting: "late" });
    expect(order()).toBe("dcba");
  });

  it("is remembered by this screen, and cleared without losing the order", () => {
    new Sieve().set({ sorting: "table", dining: "take_away" });
    const again = new Sieve();
    expect([again.sorting, again.dining, again.active]).toEqual(["table", "take_away", true]);
    again.clear();
    const third = new Sieve();
    expect([third.sorting, third.dining, third.active]).toEqual(["table", "", false]);
  });
});
