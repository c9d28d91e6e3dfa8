import { isSet } from "../lib/time.svelte";
import type { Ticket } from "./wire";

/** What is done with a ticket as a whole, or with an order or one of its courses: one of the two is named. */
export interface Work {
  type: "fire" | "hold" | "rush" | "collect" | "serve";
  ticket?: string;
  order?: string;
  course?: number;
  undo?: boolean;
}

/** Whether a press is about the ticket: it names it, or its order and, if any, its course. */
export function worksOn(
  press: { type: string; ticket?: string; order?: string; course?: number },
  ticket: Ticket,
): boolean {
  if (press.ticket) return press.ticket === ticket.id;
  return press.order === ticket.order && (press.course === undefined || press.course === ticket.course);
}

/** The ticket as the device will have it after the work; `at` is when it was pressed, in the device's time. */
export function work(ticket: Ticket, press: Work, at: string): Ticket {
  if (ticket.kind !== "food") return ticket;
  switch (press.type) {
    case "fire":
      return press.undo ? unfired(ticket, press) : fired(ticket, press, at);
    case "hold":
      return press.undo ? fired(ticket, press, at) : held(ticket);
    case "rush":
      return isOpen(ticket) ? { ...ticket, rush: press.undo ? undefined : (ticket.rush ?? at) } : ticket;
    case "collect":
      return ticket.state === "done" ? { ...ticket, collected: press.undo ? undefined : at } : ticket;
    case "serve":
      return press.undo ? unserved(ticket, press) : served(ticket, at);
  }
}

// Which course of an order is its next one only the device knows: it answers before the eye misses it.
function fired(ticket: Ticket, press: Work, at: string): Ticket {
  if (ticket.state !== "held" || (press.order && press.course === undefined)) return ticket;
  return { ...ticket, state: "new", fired: at, fire_at: undefined };
}

// Only what had been held goes back; of a whole order the device knows what was fired last.
function unfired(ticket: Ticket, press: Work): Ticket {
  const named = press.ticket !== undefined || press.course !== undefined;
  const back = named && ticket.state === "new" && isSet(ticket.fired);
  return back ? { ...ticket, state: "held", fired: undefined } : ticket;
}

function held(ticket: Ticket): Ticket {
  const put = ticket.state === "new" || (ticket.state === "held" && isSet(ticket.fire_at));
  return put ? { ...ticket, state: "held", fired: undefined, fire_at: undefined } : ticket;
}

function served(ticket: Ticket, at: string): Ticket {
  const cooked = isOpen(ticket) || ticket.state === "done";
  return cooked && ticket.state !== "held" ? { ...ticket, state: "served", served: at } : ticket;
}

// Of a whole order only what was served last comes back; the device knows what that is.
function unserved(ticket: Ticket, press: Work): Ticket {
  const back = ticket.state === "served" && (press.ticket !== undefined || press.course !== undefined);
  return back ? { ...ticket, state: "done", served: undefined } : ticket;
}

function isOpen(ticket: Ticket): boolean {
  return ticket.state === "held" || ticket.state === "new" || ticket.state === "started";
}
