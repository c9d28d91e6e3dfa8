import { isSet } from "../lib/time.svelte";
import { urgency, type Urgency } from "./age";
import { rushed, since } from "./fields";
import type { PassOrder } from "./prefs.svelte";
import { left } from "./totals";
import type { KitchenOrder, Station, Ticket } from "./wire";

/** How far a part of an order is. */
export type PartState = "held" | "new" | "cooking" | "ready" | "collected" | "served";

/** What one station makes of an order, or of one of its courses. */
export interface Part {
  ticket: Ticket;
  state: PartState;
  /** Of how many units how many are done. */
  done: number;
  all: number;
}

/**
 * How far an order is: it waits to be fired, it is cooked, some or all of what was fired can be served. "whole" is ready
 * with nothing left to come.
 */
export type Stage = "held" | "cooking" | "some" | "course" | "whole";

/** An order as the pass sees it: where its parts come together. */
export interface Card {
  id: string;
  order: KitchenOrder;
  /** By course, and within a course as the stations are listed. */
  parts: Part[];
  stage: Stage;
  /** Since when the oldest part that is not on the table has been cooked; undefined when nothing was fired. */
  since: string | undefined;
  /** Since when everything that was fired is ready. */
  ready: string | undefined;
  /** Since when it goes before the others. */
  rush: string | undefined;
  /** The parts that are fired next, together. */
  next: Part[];
  /** Whose wishes stand on the card: the notes on allergies of its tickets. */
  allergyNote: string;
}

/** Makes the card of an order from its tickets; undefined when nothing of it is food that is still to come to the pass. */
export function cardOf(
  order: KitchenOrder,
  tickets: readonly Ticket[],
  stations: readonly Station[],
): Card | undefined {
  const rank = (t: Ticket) => stations.findIndex((s) => s.id === t.station);
  const parts = tickets
    .filter((t) => t.kind === "food" && t.state !== "voided")
    .map(partOf)
    .filter((p) => p.all > 0)
    .sort(
      (a, b) =>
        (a.ticket.course ?? 0) - (b.ticket.course ?? 0) || rank(a.ticket) - rank(b.ticket) || older(a, b),
    );
  const left = parts.filter((p) => p.state !== "served");
  if (left.length === 0) return undefined;
  const fired = left.filter((p) => p.state !== "held");
  const ready = fired.filter(isReady);
  const stage = stageOf(left, fired, ready);
  const latest = (list: (string | undefined)[]) => list.filter(isSet).sort(byTime).at(-1);
  return {
    id: order.id,
    order,
    parts,
    stage,
    since: fired.map((p) => since(p.ticket)).sort(byTime)[0],
    ready: stage === "whole" || stage === "course" ? latest(ready.map((p) => p.ticket.done)) : undefined,
    rush: left
      .filter((p) => rushed(p.ticket) && !isReady(p))
      .map((p) => p.ticket.rush!)
      .sort(byTime)[0],
    next: nextOf(left),
    allergyNote: parts.find((p) => p.ticket.allergy_note)?.ticket.allergy_note ?? "",
  };
}

/** Whether the part can be served. */
export function isReady(part: Part): boolean {
  return part.state === "ready" || part.state === "collected";
}

/** How urgent a card is, at device time `now` (Unix ms): the most urgent of its parts, or what the guest was told. */
export function cardUrgency(card: Card, now: number, station: (id: string) => Station | undefined): Urgency {
  if (card.ready) return "fresh";
  const told = card.order.expected?.to;
  if (isSet(card.order.delayed) || (isSet(told) && now > Date.parse(told) && card.since)) return "late";
  const levels = card.parts
    .filter((p) => p.state === "new" || p.state === "cooking")
    .map((p) =>
      urgency((now - Date.parse(since(p.ticket))) / 1000, station(p.ticket.station), p.ticket.dining),
    );
  return levels.find((l) => l === "late") ?? levels.find((l) => l === "warning") ?? "fresh";
}

/** Sorts cards: rushed ones first, those of which nothing is fired last, the others as was chosen. */
export function sortCards(cards: readonly Card[], by: PassOrder): Card[] {
  const chosen = {
    age: () => 0,
    ready: (a: Card, b: Card) => Number(!a.ready) - Number(!b.ready) || byTime(a.ready, b.ready),
    table: (a: Card, b: Card) => a.order.table.localeCompare(b.order.table, undefined, { numeric: true }),
  }[by];
  return [...cards].sort(
    (a, b) =>
      Number(!a.since) - Number(!b.since) ||
      byTime(a.rush, b.rush) ||
      chosen(a, b) ||
      byTime(a.since ?? a.order.placed, b.since ?? b.order.placed) ||
      (a.id < b.id ? -1 : 1),
  );
}

function partOf(ticket: Ticket): Part {
  const food = ticket.items.filter((i) => i.quantity > (i.cancelled ?? 0));
  const all = food.reduce((sum, i) => sum + i.quantity - (i.cancelled ?? 0), 0);
  const open = food.reduce((sum, i) => sum + left(i), 0);
  return { ticket, state: stateOf(ticket), done: all - open, all };
}

function stateOf(ticket: Ticket): PartState {
  switch (ticket.state) {
    case "held":
      return "held";
    case "started":
      return "cooking";
    case "done":
      return isSet(ticket.collected) ? "collected" : "ready";
    case "served":
      return "served";
    default:
      return "new";
  }
}

function stageOf(left: readonly Part[], fired: readonly Part[], ready: readonly Part[]): Stage {
  if (fired.length === 0) return "held";
  if (ready.length === 0) return "cooking";
  if (ready.length < fired.length) return "some";
  return fired.length < left.length ? "course" : "whole";
}

/** The held parts of the course that comes next. */
function nextOf(left: readonly Part[]): Part[] {
  const held = left.filter((p) => p.state === "held");
  const course = Math.min(...held.map((p) => p.ticket.course ?? 0));
  return held.filter((p) => (p.ticket.course ?? 0) === course);
}

function older(a: Part, b: Part): number {
  return byTime(a.ticket.created, b.ticket.created) || (a.ticket.id < b.ticket.id ? -1 : 1);
}

// What has no time comes last.
function byTime(a: string | undefined, b: string | undefined): number {
  const at = (t: string | undefined) => (isSet(t) ? Date.parse(t) : Infinity);
  return at(a) === at(b) ? 0 : at(a) - at(b);
}
