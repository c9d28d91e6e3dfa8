import type { Picture } from "./board.svelte";
import type { KitchenOrder, Ticket, TicketItem } from "./wire";

/** A dish for tests. */
export function dish(line: number, name: string, more: Partial<TicketItem> = {}): TicketItem {
  return { line, name, quantity: 1, done: 0, ...more };
}

/** A ticket for tests: minute says when it was sent. */
export function ticket(id: string, minute: number, more: Partial<Ticket> = {}): Ticket {
  return {
    id,
    kind: "food",
    order: `order-${id}`,
    session: "session",
    station: "grill",
    business_day: "2026-11-20",
    number: id,
    table: "7",
    round: 1,
    channel: "web",
    dining: "eat_in",
    state: "new",
    items: [dish(0, "Burger")],
    created: at(minute),
    ...more,
  };
}

/** An order for tests. */
export function order(id: string, minute: number, more: Partial<KitchenOrder> = {}): KitchenOrder {
  return {
    id,
    number: id,
    table: "7",
    round: 1,
    state: "received",
    dining: "eat_in",
    channel: "web",
    placed: at(minute),
    presence: "printed",
    lines: [{ quantity: 1, name: "Burger" }],
    tickets: [],
    waiting: 0,
    ...more,
  };
}

export function at(minute: number): string {
  return new Date(Date.UTC(2026, 10, 20, 18, minute)).toISOString();
}

/** A whole picture of the kitchen for tests. */
export function picture(more: Partial<Picture>): Picture {
  return {
    seq: 1,
    epoch: "run",
    venue: { name: "Demo", language: "en", currency: "EUR", courses: false, day_ends: at(600) },
    stations: [],
    tickets: [],
    done: [],
    orders: [],
    stock: [],
    items: [],
    ...more,
  };
}
