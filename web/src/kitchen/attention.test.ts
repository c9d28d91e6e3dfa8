import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Cleaning, cleaningFor } from "./cleaning.svelte";
import { Drift, driftBy, driftEvery } from "./drift.svelte";
import { Ringing } from "./ringing";
import { at, ticket } from "./sample";
import { asleepBecause } from "./wake";

describe("ringing", () => {
  const open = [ticket("a", 0)];

  it("rings again every five seconds until somebody touches the screen", () => {
    const ringing = new Ringing();
    ringing.came(["a"], 0);
    expect([4999, 5000, 9000, 10_000].map((now) => ringing.again(open, now))).toEqual([
      false,
      true,
      false,
      true,
    ]);
    ringing.touched();
    expect(ringing.again(open, 20_000)).toBe(false);
  });

  it("stops when the ticket is started or gone, on any screen", () => {
    const ringing = new Ringing();
    ringing.came(["a", "b"], 0);
    expect(ringing.again([ticket("a", 0, { state: "started" })], 6000)).toBe(false);
  });

  it("tells what no screen has shown for twenty seconds, now and then", () => {
    const ringing = new Ringing();
    const when = (seconds: number) => Date.parse(at(0)) + seconds * 1000;
    expect(ringing.unseen(open, when(19), 100_000)).toBe(false);
    expect(ringing.unseen(open, when(21), 100_000)).toBe(true);
    expect(ringing.unseen(open, when(25), 105_000)).toBe(false);
    expect(ringing.unseen(open, when(31), 110_000)).toBe(true);
    expect(ringing.unseen([ticket("a", 0, { seen: at(0) })], when(90), 200_000)).toBe(false);
  });
});

describe("timed things", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("cleaning ends by itself after thirty seconds", () => {
    const cleaning = new Cleaning();
    cleaning.start();
    expect(cleaning.left).toBe(cleaningFor);
    vi.advanceTimersByTime(29_000);
    expect(cleaning.left).toBe(1);
    vi.advanceTimersByTime(1000);
    expect(cleaning.left).toBe(0);
  });

  it("cleaning ends early only by a second step in time", () => {
    const cleaning = new Cleaning();
    cleaning.start();
    cleaning.ask();
    expect([cleaning.ending, cleaning.left]).toEqual([true, 30]);
    vi.advanceTimersByTime(3000);
    expect(cleaning.ending).toBe(false);
    cleaning.ask();
    cleaning.stop();
    expect([cleaning.ending, cleaning.left]).toEqual([false, 0]);
  });

  it("the picture drifts a few pixels and comes back", () => {
    const drift = new Drift();
    drift.start();
    const places = Array.from({ length: 9 }, () => {
      vi.advanceTimersByTime(driftEvery);
      return [drift.x, drift.y];
    });
    drift.stop();
    expect(new Set(places.map(String)).size).toBe(9);
    expect(Math.max(...places.flat().map(Math.abs))).toBe(driftBy);
    expect(places.at(-1)).toEqual([0, 0]);
  });
});

it("a dark screen has a reason that somebody can do something about", () => {
  expect([asleepBecause(false, false), asleepBecause(true, false), asleepBecause(true, true)]).toEqual([
    "insecure",
    "unsupported",
    "refused",
  ]);
});
