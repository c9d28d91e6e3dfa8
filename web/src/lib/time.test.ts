import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { clock, isSet, ServerClock, timer } from "./time.svelte";

beforeEach(() => void vi.useFakeTimers({ now: Date.parse("2020-01-01T00:00:00Z") }));
afterEach(() => void vi.useRealTimers());

test("ages follow the device's clock, whatever this screen's says", () => {
  const clock = new ServerClock().start();
  clock.sync("2026-11-20T18:00:00.000Z");
  expect(clock.age("2026-11-20T17:59:00.000Z")).toBe(60);
  vi.setSystemTime(Date.parse("1999-01-01T00:00:00Z"));
  vi.advanceTimersByTime(5000);
  expect(clock.age("2026-11-20T17:59:00.000Z")).toBe(65);
  expect(clock.age("2026-11-20T19:00:00.000Z")).toBe(0);
  clock.stop();
  vi.advanceTimersByTime(5000);
  expect(clock.age("2026-11-20T17:59:00.000Z")).toBe(65);
});

test("a time that cannot be read changes nothing", () => {
  const clock = new ServerClock();
  clock.sync("2026-11-20T18:00:00.000Z");
  clock.sync("soon");
  expect(new Date(clock.read()).getUTCFullYear()).toBe(2026);
});

test.each([
  [0, "0:00"],
  [65, "1:05"],
  [3700, "1:01:40"],
])("%d seconds read %s", (seconds, want) => expect(timer(seconds)).toBe(want));

test.each([
  ["de", ["en-US"], "18:05"],
  ["en", ["en-US", "en"], "6:05 PM"],
  ["en", ["de-DE", "en-GB"], "18:05"],
  ["en-US", ["en-GB"], "6:05 PM"],
])("the time of day in %s for a reader of %j is %s", (language, languages, want) => {
  vi.stubGlobal("navigator", { languages });
  expect(clock(new Date(2026, 10, 20, 18, 5), language).replace("\u202f", " ")).toBe(want);
  vi.unstubAllGlobals();
});

test("instants that were never set", () => {
  expect([isSet(undefined), isSet(""), isSet("0001-01-01T00:00:00Z")]).toEqual([false, false, false]);
  expect(isSet("2026-11-20T18:00:00Z")).toBe(true);
});
