import type { Card, Part } from "./cards";
import type { TicketItem } from "./wire";

/** A line of a card: a part's own, or one of its dishes. */
export type CardRow =
  { kind: "part"; id: string; part: Part } | { kind: "dish"; id: string; part: Part; item: TicketItem };

/** The lines of a card in order. What is on the table needs no dishes any more. */
export function cardRows(card: Card): CardRow[] {
  return card.parts.flatMap((part) => {
    const head: CardRow = { kind: "part", id: part.ticket.id, part };
    if (part.state === "served") return [head];
    const dishes = part.ticket.items
      .map((item, i) => ({ kind: "dish" as const, id: `${part.ticket.id} ${i}`, part, item }))
      .filter(({ item }) => item.quantity > (item.cancelled ?? 0));
    return [head, ...dishes];
  });
}
