import { left } from "./totals";
import type { Ticket, TicketItem, TicketModifier } from "./wire";

/** Where one of a group's dishes stands. */
export interface Place {
  ticket: string;
  number: string;
  /** Index into the ticket's items, how many are still to be made there, and how many are. */
  item: number;
  left: number;
  done: number;
}

/** Dishes of all tickets that are made the same way and can be made together. */
export interface Group {
  id: string;
  name: string;
  /** The dish without its variant, as it is called on the menu. */
  dish: string;
  modifiers: readonly TicketModifier[];
  note: string;
  /** What the guest must not eat; dishes of such tickets are never put together with others. */
  allergies: readonly string[];
  allergyNote: string;
  quantity: number;
  /** The oldest first. */
  places: Place[];
}

/**
 * Gathers what is still to be made by dish, changes and note, in the order in which the first of each was sent. A dish
 * for a guest with an allergy stands alone with its warning, so that nobody takes one from the common pan.
 */
export function groups(tickets: readonly Ticket[]): Group[] {
  const found = new Map<string, Group>();
  for (const ticket of tickets) {
    if (ticket.kind === "cancellation") continue;
    ticket.items.forEach((item, index) => {
      const count = left(item);
      if (count === 0) return;
      const group = groupOf(found, ticket, item);
      group.quantity += count;
      group.places.push({
        ticket: ticket.id,
        number: ticket.number,
        item: index,
        left: count,
        done: item.done,
      });
    });
  }
  return [...found.values()];
}

function groupOf(found: Map<string, Group>, ticket: Ticket, item: TicketItem): Group {
  const careful = (ticket.allergies?.length ?? 0) > 0 || !!ticket.allergy_note;
  const name = item.variant ? `${item.name} ${item.variant}` : item.name;
  const modifiers = item.modifiers ?? [];
  const note = item.note ?? "";
  const changes = modifiers.map((m) => [m.name, m.quantity, m.removal ?? false]);
  const id = JSON.stringify([name, changes, note, careful ? ticket.id : ""]);
  let group = found.get(id);
  if (!group) {
    const { allergies = [], allergy_note: allergyNote = "" } = ticket;
    group = { id, name, dish: item.name, modifiers, note, allergies, allergyNote, quantity: 0, places: [] };
    found.set(id, group);
  }
  return group;
}
