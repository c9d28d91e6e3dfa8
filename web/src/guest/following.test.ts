import { expect, test } from "vitest";
import type { GuestOrder } from "../lib/types";
import { heldCourses, lastChange, late, stepOf, waitOf } from "./following";
import { over } from "./status";

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

const minutes = (n: number) => now + n * 60_000;

test("the expected wait is whole minutes, moves on with the clock and ends when it has passed", () => {
  expect(waitOf(order({ expected }), now)).toEqual({ from: minutes(8), to: minutes(14), least: 8, most: 14 });
  expect(waitOf(order({ expected }), minutes(10) + 5000)).toEqual({
    from: minutes(11),
    to: minutes(14),
    least: 1,
    most: 4,
  });
  expect(waitOf(order({ expected }), minutes(13.5))).toMatchObject({ from: minutes(14), to: minutes(14) });
  expect(waitOf(order({ expected }), minutes(14))).toBeUndefined();
  expect(waitOf(order({ expected, state: "ready" }), now)).toBeUndefined();
  expect(waitOf(order({ expected, state: "received" }), now)).toBeUndefined();
  expect(waitOf(order({}), now)).toBeUndefined();
});

test("what was noted as late has no time, until a course with a time of its own is fired", () => {
  const delayed = "2026-11-20T18:14:02.000Z";
  expect(late(order({ expected, delayed }))).toBe(true);
  expect(waitOf(order({ expected, delayed }), now)).toBeUndefined();
  expect(late(order({ delayed }))).toBe(true);
  expect(late(order({ expected, delayed, state: "ready" }))).toBe(false);
  expect(late(order({ expected, delayed: "0001-01-01T00:00:00Z" }))).toBe(false);
  const next = { from: "2026-11-20T18:30:00.000Z", to: "2026-11-20T18:40:00.000Z" };
  expect(late(order({ expected: next, delayed }))).toBe(false);
  expect(waitOf(order({ expected: next, delayed }), now)).toMatchObject({ most: 40 });
});

test("held courses name their dishes as far as the menu knows them", () => {
  const line = (item: string, more = {}) => ({
    item,
    name: `a ${item}`,
    quantity: 1,
    unit: 0,
    gross: 0,
    ...more,
  });
  const lines = [line("soup"), line("steak"), line("trout", { cancelled: 1 }), line("cake"), line("gone")];
  const courses: Record<string, number> = { soup: 1, steak: 2, trout: 2, cake: 3 };
  const courseOf = (item: string) => courses[item];
  expect(heldCourses(order({ lines, held_courses: [2, 3, 4] }), courseOf)).toEqual([
    { course: 2, dishes: ["a steak"] },
    { course: 3, dishes: ["a cake"] },
    { course: 4, dishes: [] },
  ]);
  expect(heldCourses(order({ lines }), courseOf)).toEqual([]);
  expect(heldCourses(order({ lines, held_courses: [2], state: "cancelled" }), courseOf)).toEqual([]);
});

test("steps and ends", () => {
  expect(stepOf({ state: "received" })).toBe(0);
  expect(stepOf({ state: "completed" })).toBe(4);
  expect(stepOf({ state: "rejected" })).toBe(-1);
  expect(over({ state: "ready" })).toBe(false);
  expect(over({ state: "cancelled" })).toBe(true);
});
