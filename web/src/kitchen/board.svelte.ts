import { isSet } from "../lib/time.svelte";
import type { KitchenItem, KitchenOrder, Menu, Pace, Snapshot, Station, Stock, Ticket, Venue } from "./wire";

/** What a frame brought that the people in the kitchen should notice. */
export type News = "new" | "changed" | "cancelled" | "waiting" | "escalated";

/** What changed after the first picture; every list holds only what changed. */
export interface Changed {
  seq: number;
  tickets?: Ticket[];
  orders?: KitchenOrder[];
  stock?: Stock[];
  paces?: Pace[];
}

/** The board's content as it is kept in the browser for the next start. */
export type Picture = Omit<Snapshot, "type" | "now" | "device" | "channels" | "paces"> &
  Partial<Pick<Snapshot, "channels" | "paces">>;

const doneKept = 50;

/**
 * Board is the device's truth as this screen knows it: tickets, orders waiting for staff or for serving, stock.
 * It changes only by frames of the server; what a cook presses lies on top of it (see Presses).
 */
export class Board {
  seq = $state(0);
  /** Which run of the device seq belongs to. */
  epoch = $state("");
  venue = $state.raw<Venue>();
  stations = $state.raw<Station[]>([]);
  items = $state.raw<KitchenItem[]>([]);
  /** Where orders can come from. */
  channels = $state.raw<readonly string[]>([]);
  /** The pass needs every ticket until its order is over, not only the last ones that are done. */
  expo = $state(false);
  #paces = $state.raw<ReadonlyMap<string, Pace>>(new Map());
  #tickets = $state.raw<ReadonlyMap<string, Ticket>>(new Map());
  #orders = $state.raw<ReadonlyMap<string, KitchenOrder>>(new Map());
  #stock = $state.raw<ReadonlyMap<string, Stock>>(new Map());

  /** Open tickets, the oldest first. */
  open = $derived([...this.#tickets.values()].filter(isOpen).sort(byCreated));
  /** Tickets that are sent but not to be cooked yet: those with a time first, then by age. */
  held = $derived([...this.#tickets.values()].filter(isHeld).sort(byFireAt));
  /** Bumped tickets, the one bumped last first, at most fifty. */
  done = $derived([...this.#tickets.values()].filter(isDone).sort(byDone).slice(0, doneKept));
  /** Orders that wait until staff accept them, the oldest first. */
  waiting = $derived([...this.#orders.values()].filter((o) => o.state === "received").sort(byPlaced));
  /** Orders that can be served, the one ready longest first. */
  ready = $derived([...this.#orders.values()].filter((o) => o.state === "ready").sort(byReady));

  /** Orders the kitchen works on, the oldest first. Only the pass hears of those that are not ready. */
  underWay = $derived([...this.#orders.values()].filter(isUnderWay).sort(byPlaced));
  /** How fast orders may come in, by channel, as far as it was ever said. */
  paces = $derived([...this.#paces.values()]);

  /** Whether the screen has ever had a picture of the kitchen, be it an old one. */
  known = $derived(this.venue !== undefined);

  ticket(id: string): Ticket | undefined {
    return this.#tickets.get(id);
  }

  /** Takes over when the business day ends: a screen may be on for days. */
  endOfDay(at: string | undefined): void {
    if (at && this.venue && this.venue.day_ends !== at) this.venue = { ...this.venue, day_ends: at };
  }

  /** The tickets of an order that this screen knows, the ones on the table among them, in the order they were made. */
  ticketsOf(order: KitchenOrder): Ticket[] {
    return order.tickets.flatMap((id) => this.#tickets.get(id) ?? []);
  }

  order(id: string): KitchenOrder | undefined {
    return this.#orders.get(id);
  }

  /** The stock record of a key; none means available without limit. */
  stock(key: string): Stock | undefined {
    return this.#stock.get(key);
  }

  station(id: string): Station | undefined {
    return this.stations.find((s) => s.id === id);
  }

  /** Takes a whole picture and tells what is new against the one before, or against nobody having seen it. */
  snapshot(frame: Picture): News[] {
    const before = this.known ? { tickets: this.#tickets, orders: this.#orders } : undefined;
    this.seq = frame.seq;
    this.epoch = frame.epoch;
    this.venue = frame.venue;
    this.menu(frame);
    this.#tickets = keyed([...frame.done, ...frame.tickets]);
    this.#orders = keyed(frame.orders);
    this.#stock = new Map(frame.stock.map((s) => [s.key, s]));
    this.channels = frame.channels ?? [];
    this.#paces = new Map((frame.paces ?? []).map((p) => [p.channel, p]));
    return this.#news(before);
  }

  /** Takes a new menu's stations and dishes. */
  menu(frame: Pick<Menu, "stations" | "items">): void {
    this.stations = frame.stations;
    this.items = frame.items;
  }

  /** Takes what changed since the last frame. A frame that was taken before changes nothing. */
  change(frame: Changed): News[] {
    if (frame.seq <= this.seq) return [];
    const before = { tickets: this.#tickets, orders: this.#orders };
    this.seq = frame.seq;
    if (frame.orders?.length) this.#orders = current(merged(this.#orders, frame.orders));
    if (frame.tickets?.length) this.#tickets = this.#kept(merged(this.#tickets, frame.tickets));
    if (frame.paces?.length) {
      this.#paces = new Map([...this.#paces, ...frame.paces.map((p) => [p.channel, p] as const)]);
    }
    if (frame.stock?.length) {
      this.#stock = new Map([...this.#stock, ...frame.stock.map((s) => [s.key, s] as const)]);
    }
    return this.#news(before);
  }

  /** What to keep in the browser, so that a restart shows the last tickets, marked stale. */
  picture(): Picture | undefined {
    if (!this.venue) return undefined;
    return {
      seq: this.seq,
      epoch: this.epoch,
      venue: this.venue,
      stations: this.stations,
      items: this.items,
      tickets: [...this.open, ...this.held],
      done: this.expo
        ? [...this.#tickets.values()].filter((t) => isDone(t) && this.#orders.has(t.order)).sort(byDone)
        : this.done,
      orders: [...this.#orders.values()],
      stock: [...this.#stock.values()],
      channels: [...this.channels],
      paces: this.paces,
    };
  }

  /** Forgets tickets that are neither open nor among the last ones done, so that a day does not fill the memory. */
  #kept(tickets: ReadonlyMap<string, Ticket>): ReadonlyMap<string, Ticket> {
    const all = [...tickets.values()];
    const done = all.filter(isDone).sort(byDone);
    if (!this.expo) return keyed([...all.filter((t) => isOpen(t) || isHeld(t)), ...done.slice(0, doneKept)]);
    const served = all.filter((t) => t.state === "served" && this.#orders.has(t.order));
    return keyed([...all.filter((t) => isOpen(t) || isHeld(t)), ...done, ...served]);
  }

  #news(before?: {
    tickets: ReadonlyMap<string, Ticket>;
    orders: ReadonlyMap<string, KitchenOrder>;
  }): News[] {
    const news = new Set<News>();
    for (const t of this.#tickets.values()) {
      const kind = isOpen(t) ? ticketNews(t, before?.tickets.get(t.id), before !== undefined) : undefined;
      if (kind) news.add(kind);
    }
    for (const o of this.#orders.values()) {
      if (o.state !== "received") continue;
      const was = before?.orders.get(o.id);
      if (!was) news.add("waiting");
      if (o.escalated && !was?.escalated) news.add("escalated");
    }
    return [...news];
  }
}

function ticketNews(now: Ticket, was: Ticket | undefined, compared: boolean): News | undefined {
  // A ticket that was held is new to the kitchen when it is fired.
  if (!was || isHeld(was)) {
    if (!compared && now.seen) return undefined;
    return now.kind === "cancellation" ? "cancelled" : "new";
  }
  const recalled = (now.recalled ?? 0) > (was.recalled ?? 0);
  return recalled || cancelled(now) > cancelled(was) ? "changed" : undefined;
}

function cancelled(ticket: Ticket): number {
  return ticket.items.reduce((sum, i) => sum + (i.cancelled ?? 0), 0);
}

export function isOpen(t: Ticket): boolean {
  return t.state === "new" || t.state === "started";
}

export function isHeld(t: Ticket): boolean {
  return t.state === "held";
}

function isUnderWay(o: KitchenOrder): boolean {
  return o.state === "accepted" || o.state === "preparing" || o.state === "ready";
}

/** The orders that are not over: the others are of no use to any screen. */
function current(orders: ReadonlyMap<string, KitchenOrder>): ReadonlyMap<string, KitchenOrder> {
  return new Map([...orders].filter(([, o]) => o.state === "received" || isUnderWay(o)));
}

function isDone(t: Ticket): boolean {
  return t.state === "done";
}

function keyed<T extends { id: string }>(list: T[]): ReadonlyMap<string, T> {
  return new Map(list.map((thing) => [thing.id, thing]));
}

function merged<T extends { id: string }>(map: ReadonlyMap<string, T>, list: T[]): ReadonlyMap<string, T> {
  return new Map([...map, ...list.map((thing) => [thing.id, thing] as const)]);
}

// Times are compared as instants, then by id: a UUIDv7 grows with the time it was made, so that two tickets of the
// same millisecond stand in the same order on every screen.
function byTime(a: string | undefined, b: string | undefined): number {
  return Date.parse(a ?? "") - Date.parse(b ?? "") || 0;
}

export function byCreated(a: Ticket, b: Ticket): number {
  return byTime(a.created, b.created) || (a.id < b.id ? -1 : 1);
}

function byFireAt(a: Ticket, b: Ticket): number {
  const at = (t: Ticket) => (isSet(t.fire_at) ? Date.parse(t.fire_at) : Infinity);
  return (at(a) === at(b) ? 0 : at(a) - at(b)) || byCreated(a, b);
}

function byDone(a: Ticket, b: Ticket): number {
  return byTime(b.done, a.done) || (a.id < b.id ? 1 : -1);
}

function byPlaced(a: KitchenOrder, b: KitchenOrder): number {
  return byTime(a.placed, b.placed) || (a.id < b.id ? -1 : 1);
}

function byReady(a: KitchenOrder, b: KitchenOrder): number {
  return byTime(a.ready, b.ready) || (a.id < b.id ? -1 : 1);
}
