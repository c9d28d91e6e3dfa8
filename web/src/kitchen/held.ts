import { isSet, timer } from "../lib/time.svelte";
import { say } from "../lib/words/kitchen";
import type { Ticket } from "./wire";

/** What a held ticket waits for, in words; `now` is the device's time in Unix ms. Reactive. */
export function waitsFor(ticket: Ticket, now: number): string {
  if (!isSet(ticket.fire_at)) return say("held.byHand");
  const seconds = Math.ceil((Date.parse(ticket.fire_at) - now) / 1000);
  return seconds > 0 ? say("held.firesIn", { time: timer(seconds) }) : say("held.now");
}

/** A ticket's dishes in one line. */
export function dishes(ticket: Ticket): string {
  return ticket.items
    .filter((i) => i.quantity > (i.cancelled ?? 0))
    .map((i) => `${i.quantity - (i.cancelled ?? 0)} ${i.name}${i.variant ? ` ${i.variant}` : ""}`)
    .join(", ");
}
