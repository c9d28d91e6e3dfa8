import { beforeEach, describe, expect, it } from "vitest";
import { language } from "../lib/words.svelte";
import { barsOf, brakesOf, dayBeside, isLate, latePercent, postsOf, timesOf, unseenAt } from "./kitchen";
import type { Kitchen, Order, Pace, StationLoad, StationTimes } from "./wire";

const load = (id: string, change: Partial<StationLoad> = {}): StationLoad => ({
  id,
  screens: 1,
  open: 0,
  held: 0,
  late: 0,
  unseen: 0,
  quote: { from_seconds: 0, to_seconds: 0 },
  ...change,
});
const kitchen = (loads: StationLoad[], paces: Pace[] = []): Kitchen => ({
  now: "2026-11-20T18:00:00.000Z",
  day: "2026-11-20",
  load: { type: "load", now: "", quote: { from_seconds: 0, to_seconds: 0 }, stations: loads },
  day_ends: "2026-11-21T03:00:00.000Z",
  stations: [
    { id: "grill", name: { en: "Grill", de: "Grill" }, warn_after: 1, late_after: 2 },
    { id: "bar", name: { en: "Bar" }, warn_after: 1, late_after: 2 },
  ],
  times: [],
  channels: ["web", "telegram"],
  paces,
});
const now = Date.parse("2026-11-20T18:00:00.000Z");

beforeEach(() => language.set("en"));

describe("stations", () => {
  it("come in the menu's order under their names, forgotten ones last", () => {
    const posts = postsOf(kitchen([load("wok"), load("bar"), load("grill")]));
    expect(posts.map((p) => p.name)).toEqual(["Grill", "Bar", "wok"]);
  });

  it("that finished something are listed in the menu's order, too", () => {
    const all = { tickets: 1, p50_seconds: 1, p90_seconds: 1, late: 0 };
    const times = ["wok", "bar", "grill"].map((station) => ({ station, all, hours: [] }));
    expect(timesOf({ ...kitchen([]), times }).map((t) => t.station)).toEqual(["grill", "bar", "wok"]);
  });

  it("raise the worst alarm they have", () => {
    const alarms = postsOf(
      kitchen([
        load("grill", { unseen: 2, screens: 0, open: 2, late: 1 }),
        load("bar", { screens: 0, open: 1, late: 1 }),
        load("wok", { late: 1, open: 1 }),
        load("zoo", { screens: 0 }),
      ]),
    ).map((p) => p.alarm);
    expect(alarms).toEqual(["unseen", "blind", "late", "none"]);
  });

  it("are named when nobody sees their tickets", () => {
    expect(unseenAt(undefined)).toEqual([]);
    const blind = kitchen([load("grill", { screens: 0, open: 1 }), load("bar", { unseen: 3 })]);
    expect(unseenAt(blind).map((p) => [p.name, p.unseen])).toEqual([["Bar", 3]]);
  });
});

describe("brakes", () => {
  const until = "2026-11-20T18:30:00.000Z";
  it("are open unless somebody pulled them, and end at their time", () => {
    const paces: Pace[] = [
      { channel: "web", state: "paused", until },
      { channel: "telegram", state: "open" },
    ];
    const open = { state: "open", delay: 0, all: false };
    expect(brakesOf(kitchen([], paces), now)).toEqual([
      { channel: "all", ...open },
      { channel: "web", state: "paused", delay: 0, all: false, until },
      { channel: "telegram", ...open },
    ]);
    expect(brakesOf(kitchen([], paces), Date.parse(until))[1]).toEqual({ channel: "web", ...open });
  });

  it("of all channels count where they are the stricter ones", () => {
    const states = (paces: Pace[]) =>
      brakesOf(kitchen([], paces), now).map((b) => `${b.channel} ${b.state} ${b.delay} ${b.all}`);
    expect(
      states([
        { channel: "all", state: "slow", delay_seconds: 600 },
        { channel: "web", state: "slow", delay_seconds: 900 },
      ]),
    ).toEqual(["all slow 600 false", "web slow 900 false", "telegram slow 600 true"]);
    expect(
      states([
        { channel: "all", state: "paused" },
        { channel: "web", state: "slow", delay_seconds: 900 },
      ]),
    ).toEqual(["all paused 0 false", "web paused 0 true", "telegram paused 0 true"]);
  });
});

describe("the numbers of a day", () => {
  const times = (tickets: number, p50: number, p90: number, late = 0) => ({
    tickets,
    p50_seconds: p50,
    p90_seconds: p90,
    late,
  });
  it("shares are of all tickets, and nothing is no share", () => {
    expect(latePercent(times(8, 0, 0, 2))).toBe("25");
    expect(latePercent(times(800, 0, 0, 1))).toBe("1");
    expect(latePercent(times(3, 0, 0, 3))).toBe("100");
    expect(latePercent(times(0, 0, 0))).toBe("0");
  });

  it("bars fill the hours between, and fit the highest of them or the age for late", () => {
    const grill: StationTimes = {
      station: "grill",
      all: times(5, 100, 200),
      hours: [
        { hour: "2026-11-20T17:00:00.000Z", times: times(2, 60, 120) },
        { hour: "2026-11-20T19:00:00.000Z", times: times(3, 100, 200, 1) },
      ],
    };
    const { bars, top } = barsOf(grill, 400);
    expect(top).toBe(400);
    expect(bars.map((b) => [b.hour.slice(11, 13), b.tickets, b.half, b.most])).toEqual([
      ["17", 2, 0.15, 0.3],
      ["18", 0, 0, 0],
      ["19", 3, 0.25, 0.5],
    ]);
    expect(barsOf(grill, 0).top).toBe(200);
    expect(barsOf({ station: "bar", all: times(0, 0, 0), hours: [] }, 0)).toEqual({ bars: [], top: 60 });
  });

  it("days lie beside each other, whatever clocks do", () => {
    expect(dayBeside("2026-11-01", -1)).toBe("2026-10-31");
    expect(dayBeside("2026-03-28", 1)).toBe("2026-03-29");
    expect(dayBeside("2026-12-31", 1)).toBe("2027-01-01");
  });
});

it("an order is late until it is ready, or until a course with a time of its own is fired", () => {
  const order = (change: Partial<Order>) =>
    ({
      state: "preparing",
      delayed: "2026-11-20T18:20:00.000Z",
      expected: { from: "2026-11-20T18:05:00.000Z", to: "2026-11-20T18:15:00.000Z" },
      ...change,
    }) as Order;
  expect(isLate(order({}))).toBe(true);
  expect(isLate(order({ state: "ready" }))).toBe(false);
  expect(isLate(order({ delayed: "0001-01-01T00:00:00Z" }))).toBe(false);
  const next = { from: "2026-11-20T18:30:00.000Z", to: "2026-11-20T18:40:00.000Z" };
  expect(isLate(order({ expected: next }))).toBe(false);
});
