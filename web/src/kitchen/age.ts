import { since, timesOf, type Times } from "./fields";
import type { Ticket } from "./wire";

/** How urgent a ticket is. */
export type Urgency = "fresh" | "warning" | "late";

// For stations whose menu names no times: ten and fifteen minutes, what table service expects.
const warnByDefault = 10 * 60;
const lateByDefault = 15 * 60;

/** How urgent a ticket of the station and dining option is at an age in seconds. */
export function urgency(
  age: number,
  station: Times | undefined,
  dining: Ticket["dining"] = "eat_in",
): Urgency {
  if (age >= lateAfter(station, dining)) return "late";
  return age >= warnAfter(station, dining) ? "warning" : "fresh";
}

/** The age in seconds at which a ticket is late. */
export function lateAfter(station: Times | undefined, dining: Ticket["dining"]): number {
  return timesOf(station, dining).late_after || lateByDefault;
}

function warnAfter(station: Times | undefined, dining: Ticket["dining"]): number {
  return timesOf(station, dining).warn_after || Math.min(warnByDefault, lateAfter(station, dining));
}

/** When the ticket is late, in Unix milliseconds. */
export function lateAt(ticket: Ticket, station: Times | undefined): number {
  return Date.parse(since(ticket)) + lateAfter(station, ticket.dining) * 1000;
}

/** An age that never needs more than five signs, so that no head grows while it is looked at: 9:59, 59:59, 1h05. */
export function ageText(seconds: number): string {
  const two = (n: number) => String(n).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  if (hours > 99) return ">99h";
  if (hours > 9) return `${hours}h`;
  return hours > 0 ? `${hours}h${two(minutes)}` : `${minutes}:${two(Math.floor(seconds % 60))}`;
}
