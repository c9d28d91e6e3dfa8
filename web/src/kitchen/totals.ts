import type { Ticket, TicketItem } from "./wire";

/** How much of one dish all open tickets still want together ("six burgers all day"). */
export interface Total {
  name: string;
  variant: string;
  quantity: number;
  /** How much of it is held back and comes later; not in quantity. */
  held: number;
  /** The same, apart by the changes guests asked for; empty when nobody asked for any. */
  versions: { changes: string; quantity: number }[];
}

/**
 * Sums what is neither done nor cancelled, the largest number first. Cancellation slips are not food; what is held is
 * told apart.
 */
export function totals(tickets: readonly Ticket[], held: readonly Ticket[] = []): Total[] {
  const found = new Map<string, Total>();
  for (const ticket of tickets) {
    if (ticket.kind === "cancellation") continue;
    for (const item of ticket.items) add(found, item);
  }
  for (const item of held.flatMap((t) => t.items)) {
    if (left(item) > 0) of(found, item).held += left(item);
  }
  const list = [...found.values()];
  for (const t of list) {
    if (t.versions.every((v) => v.changes === "")) t.versions = [];
    t.versions.sort((a, b) => b.quantity - a.quantity || a.changes.localeCompare(b.changes));
  }
  return list.sort((a, b) => b.quantity - a.quantity || a.name.localeCompare(b.name));
}

/** How many of an item are still to be made. */
export function left(item: TicketItem): number {
  return Math.max(0, item.quantity - item.done - (item.cancelled ?? 0));
}

function add(found: Map<string, Total>, item: TicketItem): void {
  const quantity = left(item);
  if (quantity === 0) return;
  const total = of(found, item);
  total.quantity += quantity;
  const changes = (item.modifiers ?? [])
    .map((m) => (m.quantity > 1 ? `${m.quantity} × ${m.name}` : m.name))
    .join(", ");
  const version = total.versions.find((v) => v.changes === changes);
  if (version) version.quantity += quantity;
  else total.versions.push({ changes, quantity });
}

function of(found: Map<string, Total>, { name, variant = "" }: TicketItem): Total {
  const id = `${name}\u0000${variant}`;
  const total = found.get(id) ?? { name, variant, quantity: 0, held: 0, versions: [] };
  found.set(id, total);
  return total;
}
