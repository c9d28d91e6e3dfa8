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
  /** The shorter head of a continuation in the next column. */
  again: number;
  /** The rows in order: dishes, their changes, notes. */
  rows: readonly Row[];
  /** The line below a part that says the ticket goes on. */
  more: number;
  /** The buttons below, on the last part only. */
  foot: number;
}

/** What stands in one place: rows from (inclusive) to (exclusive) of a ticket, part of parts. */
export interface Piece {
  id: string;
  from: number;
  to: number;
  part: number;
  parts: number;
  /** The column it stands in, counted over all pages from 0. */
  column: number;
  /** Pixels from the column's upper edge, and how tall it may be at most. */
  top: number;
  height: number;
}

/** The room that tickets are laid into: columns of one height, and the space between two tickets, in pixels. */
export interface Room {
  height: number;
  gap: number;
}

/**
 * Lays tickets into columns, in order, each below the one before as long as there is room. A ticket that does not fit
 * below goes on at the top of the next column, cut between dishes; one that would be cut near its head moves there as a
 * whole. Where a ticket stands depends only on the tickets before it, so a new one at the end never moves another.
 */
export function flow(tickets: readonly Measured[], room: Room): Piece[] {
  const all: Piece[] = [];
  let column = 0;
  let used = 0;
  for (const t of tickets) {
    if (used > 0 && !startsHere(t, room.height - used, room.height)) {
      column++;
      used = 0;
    }
    const pieces = split(t, column, used, room);
    all.push(...pieces);
    const last = pieces.at(-1)!;
    column = last.column;
    used = last.top + last.height + room.gap;
  }
  return all;
}

/** How much of a ticket must stand before a cut for the eye to find it there: two dishes and a third of the rows. */
const enoughDishes = 2;
const enoughRows = 1 / 3;
/** The part of a column that is too much to leave empty for the sake of a short ticket. */
const largeHole = 0.4;

function startsHere(t: Measured, room: number, whole: number): boolean {
  const to = cut(t, 0, room - t.head);
  if (to >= t.rows.length && fits(t, 0, to, room)) return true;
  if (!fits(t, 0, to, room)) return false;
  const dishes = t.rows.slice(0, to).filter((r) => !r.joined).length;
  const all = t.rows.filter((r) => !r.joined).length;
  // A short ticket is easier to read whole, unless that leaves a large hole.
  const short = all <= 3 && heightOf(t, 0, t.rows.length) <= whole && room < whole * largeHole;
  return !short && dishes >= enoughDishes && to >= t.rows.length * enoughRows;
}

function split(t: Measured, column: number, top: number, room: Room): Piece[] {
  const cuts = [0];
  for (let from = 0; ;) {
    const free = room.height - (cuts.length === 1 ? top : 0);
    const to = cut(t, from, free - (from === 0 ? t.head : t.again));
    if (to >= t.rows.length) break;
    cuts.push((from = to));
  }
  return cuts.map((from, n) => {
    const to = cuts[n + 1] ?? t.rows.length;
    const place = { column: column + n, top: n === 0 ? top : 0, height: heightOf(t, from, to) };
    return { id: t.id, from, to, part: n + 1, parts: cuts.length, ...place };
  });
}

function heightOf(t: Measured, from: number, to: number): number {
  const rows = t.rows.slice(from, to).reduce((sum, r) => sum + r.height, 0);
  return (from === 0 ? t.head : t.again) + rows + (to >= t.rows.length ? t.foot : t.more);
}

function fits(t: Measured, from: number, to: number, room: number): boolean {
  return heightOf(t, from, to) <= room;
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

/** Gathers the pieces by pages of so many columns. There is always a page, be it an empty one. */
export function pages(all: readonly Piece[], columns: number): Piece[][] {
  const result: Piece[][] = [[]];
  for (const piece of all) {
    const page = Math.floor(piece.column / columns);
    while (result.length <= page) result.push([]);
    result[page]!.push(piece);
  }
  return result;
}

/** The tickets of which nothing stands on the page. */
export function hidden(all: readonly Piece[], page: readonly Piece[]): string[] {
  const shown = new Set(page.map((p) => p.id));
  return [...new Set(all.map((p) => p.id))].filter((id) => !shown.has(id));
}

/** The piece that a move from the ticket's pieces leads to; undefined beyond the edge of the page. */
export function neighbour(
  page: readonly Piece[],
  id: string,
  by: "left" | "right" | "up" | "down",
): Piece | undefined {
  const own = page.filter((p) => p.id === id);
  const from = by === "left" || by === "up" ? own[0] : own.at(-1);
  if (!from) return undefined;
  const at = page.indexOf(from);
  if (by === "up") return page[at - 1];
  if (by === "down") return page[at + 1];
  const step = by === "left" ? -1 : 1;
  const others = page.filter((p) => Math.sign(p.column - from.column) === step && p.id !== id);
  const next = others.reduce((near, p) => Math.min(near, Math.abs(p.column - from.column)), Infinity);
  const middle = (p: Piece) => p.top + p.height / 2;
  return others
    .filter((p) => Math.abs(p.column - from.column) === next)
    .sort((a, b) => Math.abs(middle(a) - middle(from)) - Math.abs(middle(b) - middle(from)))[0];
}
