import type { Ticket, TicketItem, TicketModifier } from "./wire";

/** A line under a dish. */
export type Detail =
  { kind: "change"; id: string; modifier: TicketModifier } | { kind: "note" | "also"; id: string };

/** The part of a ticket's item that stands in one cell. */
export interface Part {
  /** Index into the ticket's items. */
  index: number;
  item: TicketItem;
  /** The dish's own line is in this part; the details of a continued dish stand alone. */
  named: boolean;
  details: Detail[];
}

/** The lines under a dish, in the order a cook needs them. */
export function details(item: TicketItem): Detail[] {
  const changes = (item.modifiers ?? []).map((modifier, i) => ({
    kind: "change" as const,
    id: `m${i}`,
    modifier,
  }));
  const list: Detail[] = [...changes];
  if (item.note) list.push({ kind: "note", id: "note" });
  if (item.also_at?.length) list.push({ kind: "also", id: "also" });
  return list;
}

/** The rows from (inclusive) to (exclusive) of a ticket, gathered by dish. Each dish and each detail is one row. */
export function slice(ticket: Ticket, from: number, to: number): Part[] {
  const parts: Part[] = [];
  let row = 0;
  ticket.items.forEach((item, index) => {
    const all = details(item);
    const named = row >= from && row < to;
    const kept = all.filter((_, i) => row + 1 + i >= from && row + 1 + i < to);
    if (named || kept.length > 0) parts.push({ index, item, named, details: kept });
    row += 1 + all.length;
  });
  return parts;
}

const negations = /^(no|without|w\/o|ohne|kein|keine|keinen|sans|senza|sin|zonder|bez)\b/i;

/** Whether a removal's name already says that something is left out. */
export function negative(name: string): boolean {
  return negations.test(name.trim());
}
