/** A line of a ticket. */
export interface Row {
  height: number;
  /** It says more about the row above and should stay with it: a change to a dish, a note. */
  joined: boolean;
}

/** How tall the parts of a ticket are at the present column width, in pixels. */
export interface Measured {
  id: string;
  /** The head with everything that must stand on top: number, table, age, allergy. */
  head: number;
  /** The shorter head of a continuation in the next cell. */
  again: number;
  /** The rows in order: dishes, their changes, notes. */
  rows: readonly Row[];
  /** The line below a part that says the ticket goes on. */
  more: number;
  /** The buttons below, on the last part only. */
  foot: number;
}

/** What one cell shows: rows from (inclusive) to (exclusive) of a ticket, part of parts. */
export interface Piece {
  id: string;
  from: number;
  to: number;
  part: number;
  parts: number;
}

/**
 * Lays tickets into cells of one height, in order, each ticket in a cell of its own; what does not fit is continued
 * in the next cell, if possible with a whole dish. A piece holds at least one row, so that every row is shown even
 * when it is taller than a cell.
 */
export function cells(tickets: readonly Measured[], height: number): Piece[] {
  return tickets.flatMap((t) => pieces(t, height));
}

function pieces(t: Measured, height: number): Piece[] {
  const cuts = [0];
  for (let from = 0; ;) {
    const to = cut(t, from, height - (from === 0 ? t.head : t.again));
    if (to >= t.rows.length) break;
    cuts.push((from = to));
  }
  return cuts.map((from, n) => ({
    id: t.id,
    from,
    to: cuts[n + 1] ?? t.rows.length,
    part: n + 1,
    parts: cuts.length,
  }));
}

/** The row before which a piece that begins with row from must end, so that it needs no more than room. */
function cut(t: Measured, from: number, room: number): number {
  let used = 0;
  let to = from;
  for (; to < t.rows.length; to++) {
    used += t.rows[to]!.height;
    if (used + (to === t.rows.length - 1 ? t.foot : t.more) > room) break;
  }
  if (to === t.rows.length) return to;
  let whole = to;
  while (whole > from && t.rows[whole]!.joined) whole--;
  return whole > from ? whole : Math.max(to, from + 1);
}

/** Cuts the cells into pages of size cells. There is always a page, be it an empty one. */
export function pages(all: readonly Piece[], size: number): Piece[][] {
  const result: Piece[][] = [];
  for (let i = 0; i < all.length; i += size) result.push(all.slice(i, i + size));
  return result.length > 0 ? result : [[]];
}

/** The tickets of which nothing stands on the page. */
export function hidden(all: readonly Piece[], page: readonly Piece[]): string[] {
  const shown = new Set(page.map((p) => p.id));
  return [...new Set(all.map((p) => p.id))].filter((id) => !shown.has(id));
}

/**
 * Chooses how many rows of cells fit: a cell is about as tall as it is wide, because a ticket of two or three dishes
 * is, and never lower than a head, a dish and the buttons need.
 */
export function rowsFor(width: number, height: number, columns: number): number {
  const cell = width / columns;
  return Math.max(1, Math.round(height / Math.max(cell * 0.95, 260)));
}
