import { isSet } from "../lib/time.svelte";
import type { GuestOrder } from "../lib/types";

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

/** Nothing more will happen to it. */
export function over(order: Pick<GuestOrder, "state">): boolean {
  return order.state === "completed" || order.state === "rejected" || order.state === "cancelled";
}

/** The expected wait as whole minutes, at least one; undefined when there is none or it has passed. */
export function minutesLeft(order: GuestOrder, now: number): { from: number; to: number } | undefined {
  if (!order.expected || over(order) || order.state === "ready") return undefined;
  const minutes = (instant: string) => Math.ceil((Date.parse(instant) - now) / 60_000);
  const to = minutes(order.expected.to);
  if (!(to >= 1)) return undefined;
  return { from: Math.max(1, Math.min(minutes(order.expected.from), to)), to };
}
