import { isSet } from "../lib/time.svelte";
import type { GuestOrder } from "../lib/types";
import { over } from "./status";

/** The way of an order as a guest follows it. */
export const steps = ["received", "accepted", "preparing", "ready", "completed"] as const;

/** When the order last changed (RFC 3339). */
export function lastChange(order: GuestOrder): string {
  const instants = [order.ended, order.ready, order.started, order.accepted, order.placed];
  return instants.filter(isSet).sort((a, b) => Date.parse(b) - Date.parse(a))[0] ?? order.placed;
}

/** How far an order is, as an index into steps; -1 when it was rejected or cancelled. */
export function stepOf(order: Pick<GuestOrder, "state">): number {
  return steps.indexOf(order.state as (typeof steps)[number]);
}

/** What is known of when an order comes, for one that is in the kitchen. */
export interface Wait {
  /** The range as instants, in whole minutes; the earlier end moves on with the clock. */
  from: number;
  to: number;
  /** The range as whole minutes from now, at least one. */
  least: number;
  most: number;
}

const minute = 60_000;

/** The expected wait; undefined when there is none, when it has passed, or when it will not be kept. */
export function waitOf(order: GuestOrder, now: number): Wait | undefined {
  if (!order.expected || !inKitchen(order) || late(order)) return undefined;
  const to = Math.ceil(Date.parse(order.expected.to) / minute) * minute;
  const from = Math.min(
    to,
    Math.max(Math.floor(Date.parse(order.expected.from) / minute), Math.ceil(now / minute)) * minute,
  );
  const minutes = (instant: number) => Math.max(1, Math.ceil((instant - now) / minute));
  if (!(to > now)) return undefined;
  return { from, to, least: minutes(from), most: minutes(to) };
}

/** It takes longer than the guest was told. A course that was fired since has a time of its own. */
export function late(order: GuestOrder): boolean {
  if (!inKitchen(order) || !isSet(order.delayed)) return false;
  return !order.expected || Date.parse(order.delayed) >= Date.parse(order.expected.to);
}

function inKitchen(order: Pick<GuestOrder, "state">): boolean {
  return order.state === "accepted" || order.state === "preparing";
}

/** A course that waits, with what is in it as far as the menu says. */
export interface HeldCourse {
  course: number;
  dishes: string[];
}

/** The courses that wait to be sent, with their dishes. `courseOf` gives the course of an item on the menu. */
export function heldCourses(order: GuestOrder, courseOf: (item: string) => number | undefined): HeldCourse[] {
  if (over(order)) return [];
  return (order.held_courses ?? []).map((course) => ({
    course,
    dishes: order.lines
      .filter((line) => courseOf(line.item) === course && line.quantity > (line.cancelled ?? 0))
      .map((line) => line.name),
  }));
}
