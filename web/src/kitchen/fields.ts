import { isSet } from "../lib/time.svelte";
import type { Station, Ticket } from "./wire";

// A device of an older version leaves these out, and Go's zero time means the same as a missing one.

/** The instant from which a ticket's age counts: when the kitchen was told to cook it. */
export function since(ticket: Ticket): string {
  return isSet(ticket.fired) ? ticket.fired : ticket.created;
}

/** Whether the ticket goes before the others. */
export function rushed(ticket: Ticket): boolean {
  return isSet(ticket.rush);
}

/** Whether the device knows that no live screen shows the ticket. */
export function missed(ticket: Ticket): boolean {
  return isSet(ticket.unseen) && !isSet(ticket.seen);
}

/** When tickets of a station turn to warning and to late, in seconds; 0 is not said. */
export type Times = Partial<Pick<Station, "warn_after" | "late_after" | "take_away">>;

/** The times of a station for a dining option. Take-away has its own where the menu names them. */
export function timesOf(station: Times | undefined, dining: Ticket["dining"]): Times {
  return (dining === "take_away" ? station?.take_away : undefined) ?? station ?? {};
}
