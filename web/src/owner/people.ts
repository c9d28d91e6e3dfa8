import type { Hours, People, Person, StaffRole } from "./wire";

/** The roles of people, those with the most say first. */
export const roles = [
  "owner",
  "manager",
  "cashier",
  "waiter",
  "kitchen",
  "expo",
  "runner",
  "support",
] as const satisfies readonly StaffRole[];

/** Those who work here: who is in comes first, then by name. */
export function working(people: People, language: string): Person[] {
  return people.people
    .filter((p) => !p.removed)
    .sort(
      (a, b) => Number(!a.in) - Number(!b.in) || a.name.localeCompare(b.name, language, { numeric: true }),
    );
}

/** How many taps of a person's badges were refused. */
export function refusedTaps(person: Person): number {
  return person.badges.reduce((sum, badge) => sum + (badge.refused ?? 0), 0);
}

/** A time worked as hours and minutes: "7:05". */
export function worked(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
}

/** Whether the device was not sure of the time in one of the shifts. */
export function doubtful(hours: Hours["hours"][number]): boolean {
  return hours.shifts.some((s) => s.doubtful);
}
