import { recall, remember } from "../lib/storage";
import { work, worksOn, type Work } from "./work";
import { left } from "./totals";
import type { Pace, Stock, Ticket, TicketItem } from "./wire";

/** What a cook asked for, without the key that makes it unique. */
export type Wish =
  | { type: "start" | "bump" | "recall"; ticket: string; item?: number; count?: number; undo?: boolean }
  | Work
  | { type: "remake"; ticket: string; item: number; count: number; reason: string }
  | { type: "accept"; order: string }
  | { type: "reject"; order: string; reason: string }
  | { type: "stock"; stock: Stock }
  | { type: "pace"; pace: Pace };

/** A press on its way: the wish, its key, when it was pressed (device time), and the change that answered it. */
export type Press = Wish & { key: string; at?: string; answered?: { seq: number; at: number } };

// A change this screen is not shown (of another station) may never reach it: an answered press is believed done then.
const believedAfter = 3000;

// Refusals that may end by themselves: the same press with the same key is sent again.
const passing = new Set([
  ...["too_often", "timeout", "internal", "unavailable", "too_many"],
  ...["disk_full", "disk_error", "disk_read_only", "store_stopped", "store_closed"],
]);

/**
 * Presses are what was pressed and is not yet in the server's picture. Each has one key for its whole life, over
 * reconnects and restarts of the browser, so that however often it is sent it happens once.
 */
export class Presses {
  pending = $state.raw<readonly Press[]>([]);

  #send: (press: Press) => boolean;
  #newKey: () => string;
  #name: string;
  #now: () => number;

  /**
   * `send` says whether the press went out; what is unanswered is remembered under `name`. `now` is the device's time in
   * Unix ms: until the device has answered, times of what was pressed are those of the press.
   */
  constructor(
    send: (press: Press) => boolean,
    newKey: () => string,
    name: string,
    now: () => number = () => Date.now(),
  ) {
    this.#send = send;
    this.#newKey = newKey;
    this.#name = name;
    this.#now = now;
    const kept = recall<unknown>(name);
    this.pending = Array.isArray(kept) ? kept.filter((p) => isPress(p) && !p.answered) : [];
  }

  /** Notes the wish and sends it, now or as soon as there is a connection. It returns the press's key. */
  press(wish: Wish): string {
    const press: Press = { ...wish, key: this.#newKey(), at: new Date(this.#now()).toISOString() };
    this.#set([...this.pending, press]);
    this.#send(press);
    return press.key;
  }

  /** Sends everything that has no answer, in the order it was pressed. To be called after each picture. */
  resend(): void {
    for (const press of this.pending) {
      if (press.answered === undefined && !this.#send(press)) return;
    }
  }

  /** The server did it; the press stays until the picture holds change seq, so that nothing flickers back. */
  done(key: string, seq: number, now: number): void {
    this.#set(this.pending.map((p) => (p.key === key ? { ...p, answered: { seq, at: now } } : p)));
  }

  /** The server refused. It returns the press when that is final; a passing refusal is tried again later. */
  refused(key: string, code: string): Press | undefined {
    if (passing.has(code)) return undefined;
    const press = this.pending.find((p) => p.key === key);
    this.#set(this.pending.filter((p) => p.key !== key));
    return press;
  }

  /** Forgets everything that is on its way: the device does not understand it. */
  giveUp(): void {
    this.#set([]);
  }

  /** Forgets the presses that the picture up to change seq contains, or should by now. */
  settle(seq: number, now: number): void {
    const left = this.pending.filter(
      ({ answered }) => !answered || (answered.seq > seq && answered.at + believedAfter > now),
    );
    if (left.length < this.pending.length) this.#set(left);
  }

  /** Whether something about the ticket or order is still on its way. */
  about(id: string): boolean {
    return this.pending.some((p) => ("ticket" in p && p.ticket === id) || ("order" in p && p.order === id));
  }

  /** The ticket as it will be when all its presses have arrived. */
  expected(ticket: Ticket): Ticket {
    return this.pending.reduce((t, p) => (worksOn(p, t) ? pressed(t, p) : t), ticket);
  }

  /** Whether the order has been answered here: it is served, accepted or rejected as far as this screen knows. */
  decided(order: string): boolean {
    return this.pending.some((p) => "order" in p && p.order === order && decides(p));
  }

  /** How fast the channels may send orders, as it will be. */
  paces(known: readonly Pace[]): Pace[] {
    const all = new Map(known.map((p) => [p.channel, p]));
    for (const p of this.pending) if (p.type === "pace") all.set(p.pace.channel, p.pace);
    return [...all.values()];
  }

  /** The stock record as it will be. */
  stock(key: string, known: Stock | undefined): Stock | undefined {
    return this.pending.reduce((s, p) => (p.type === "stock" && p.stock.key === key ? p.stock : s), known);
  }

  #set(pending: readonly Press[]): void {
    this.pending = pending;
    remember(this.#name, pending);
  }
}

function decides(press: Press): boolean {
  if (press.type === "serve") return !press.undo && press.course === undefined;
  return press.type === "accept" || press.type === "reject";
}

function isPress(value: unknown): value is Press {
  return typeof value === "object" && value !== null && "key" in value && "type" in value;
}

function pressed(ticket: Ticket, press: Press): Ticket {
  switch (press.type) {
    case "start":
      return { ...ticket, state: press.undo ? "new" : "started" };
    case "recall":
      return recalled(ticket);
    case "bump":
      return press.item === undefined ? bumped(ticket) : toggled(ticket, press.item, press);
    case "fire":
    case "hold":
    case "rush":
    case "collect":
    case "serve":
      return work(ticket, press, press.at ?? ticket.created);
    default:
      return ticket;
  }
}

// The same rules as the device's: a bump ticks off what is open, a recall takes exactly that back.
function bumped(ticket: Ticket): Ticket {
  const items = ticket.items.map((i) => ({ ...i, done: i.done + left(i), bumped: left(i) }));
  return { ...ticket, state: "done", items };
}

function recalled(ticket: Ticket): Ticket {
  const items = ticket.items.map((i) => ({
    ...i,
    done: i.done - Math.min(i.bumped ?? 0, i.done),
    bumped: 0,
  }));
  return { ...ticket, state: "started", items };
}

function toggled(ticket: Ticket, index: number, { count, undo }: { count?: number; undo?: boolean }): Ticket {
  const done = (item: TicketItem) => {
    const all = item.quantity - (item.cancelled ?? 0);
    return undo ? 0 : Math.min(all, count ?? all);
  };
  const items = ticket.items.map((item, i) => (i === index ? { ...item, done: done(item) } : item));
  return {
    ...ticket,
    state: ticket.state === "new" && !undo && count !== 0 ? "started" : ticket.state,
    items,
  };
}
