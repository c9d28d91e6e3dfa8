/** How tall the parts of a ticket are at the present column width, in pixels. */
export interface Measured {
  id: string;
  /** The head with everything that must stand on top: number, table, age, allergy. */
  head: number;
  /** The shorter head of a continuation in the next cell. */
  again: number;
  /** The rows in order: dishes, their changes, notes. */
  rows: readonly number[];
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
 * in the next cell. A piece holds at least one row, so that every row is shown even when it is taller than a cell.
 */
export function cells(tickets: readonly Measured[], height: number): Piece[] {
  return tickets.flatMap((t) => pieces(t, height));
}

function pieces(t: Measured, height: number): Piece[] {
  const cuts: number[] = [0];
  let used = t.head;
  t.rows.forEach((row, i) => {
    const last = i === t.rows.length - 1;
    const needed = used + row + (last ? t.foot : 0);
    if (needed > height && i > cuts[cuts.length - 1]!) {
      cuts.push(i);
      used = t.again;
    }
    used += row;
  });
  return cuts.map((from, n) => ({
    id: t.id,
    from,
    to: cuts[n + 1] ?? t.rows.length,
    part: n + 1,
    parts: cuts.length,
  }));
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
