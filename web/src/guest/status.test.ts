import { expect, test } from "vitest";
import type { GuestOrder } from "../lib/types";
import { lastChange, minutesLeft, over, stepOf } from "./status";

const order = (change: Partial<GuestOrder>): GuestOrder => ({
  id: "o1",
  number: "1",
  round: 1,
  mine: true,
  guest_number: 1,
  state: "preparing",
  lines: [],
  totals: { currency: "EUR", gross: 0, tax: 0 },
  placed: "2026-11-20T18:00:00.000Z",
  ...change,
});
const now = Date.parse("2026-11-20T18:00:00.000Z");
const expected = { from: "2026-11-20T18:08:10.000Z", to: "2026-11-20T18:14:00.000Z" };

test("the last change is the newest instant that is set", () => {
  const changed = order({ accepted: "2026-11-20T18:01:00.000Z", started: "0001-01-01T00:00:00Z" });
  expect(lastChange(changed)).toBe("2026-11-20T18:01:00.000Z");
  expect(lastChange(order({}))).toBe("2026-11-20T18:00:00.000Z");
});

test("the expected wait is whole minutes and ends when it has passed", () => {
  expect(minutesLeft(order({ expected }), now)).toEqual({ from: 9, to: 14 });
  expect(minutesLeft(order({ expected }), now + 10 * 60_000)).toEqual({ from: 1, to: 4 });
  expect(minutesLeft(order({ expected }), now + 15 * 60_000)).toBeUndefined();
  expect(minutesLeft(order({ expected, state: "ready" }), now)).toBeUndefined();
  expect(minutesLeft(order({}), now)).toBeUndefined();
});

test("steps and ends", () => {
  expect(stepOf({ state: "received" })).toBe(0);
  expect(stepOf({ state: "completed" })).toBe(4);
  expect(stepOf({ state: "rejected" })).toBe(-1);
  expect(over({ state: "ready" })).toBe(false);
  expect(over({ state: "cancelled" })).toBe(true);
});
