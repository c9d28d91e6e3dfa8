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
