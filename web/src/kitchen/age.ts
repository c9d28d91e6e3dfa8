import type { Station } from "./wire";

/** How urgent a ticket is. */
export type Urgency = "fresh" | "warning" | "late";

// For stations whose menu names no times: ten and fifteen minutes, what table service expects.
const warnByDefault = 10 * 60;
const lateByDefault = 15 * 60;

/** How urgent a ticket of the station is at an age in seconds. */
export function urgency(
  age: number,
  station: Pick<Station, "warn_after" | "late_after"> | undefined,
): Urgency {
  const late = station?.late_after || lateByDefault;
  const warn = station?.warn_after || Math.min(warnByDefault, late);
  if (age >= late) return "late";
  return age >= warn ? "warning" : "fresh";
}
