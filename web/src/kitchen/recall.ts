import { plain } from "./soldout";
import type { Ticket } from "./wire";

/** The finished tickets that fit all the words: a whole number, or part of a table's or a dish's name. */
export function finished(done: readonly Ticket[], words: string): Ticket[] {
  const wanted = plain(words).split(" ").filter(Boolean);
  return done.filter((t) => wanted.every((w) => fits(t, w)));
}

// A number is meant whole, as it is called out: 1 is not 12. Tables are called by the beginning of their name.
function fits(ticket: Ticket, word: string): boolean {
  if (plain(ticket.number) === word) return true;
  const table = plain(ticket.table);
  if (/^\d+$/.test(word)) return table.split(" ").includes(word);
  return (
    table.includes(word) || ticket.items.some((i) => plain(`${i.name} ${i.variant ?? ""}`).includes(word))
  );
}

/** Both lists as one without doubles, the first one's tickets before the others. */
export function merged(here: readonly Ticket[], there: readonly Ticket[]): Ticket[] {
  const known = new Set(here.map((t) => t.id));
  return [...here, ...there.filter((t) => !known.has(t.id))];
}

/** The ticket that left last stands first. */
export function byEnd(a: Ticket, b: Ticket): number {
  const end = (t: Ticket) => Date.parse(t.served ?? t.done ?? t.created);
  return end(b) - end(a) || (a.id < b.id ? 1 : -1);
}
