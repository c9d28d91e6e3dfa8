import type { Floor, FloorSession, Order, Place, Stock } from "./wire";

/** How urgently a visit wants somebody to come, the highest first. */
export type Need = "waiting" | "help" | "bill" | "ready" | "none";
const ranks: readonly Need[] = ["waiting", "help", "bill", "ready", "none"];

/** What a visit wants most. */
export function needOf({ session, orders }: FloorSession): Need {
  if (orders.some((o) => o.state === "received")) return "waiting";
  if (session.help?.some((h) => h.what !== "bill")) return "help";
  if (session.state === "bill_requested" || session.help?.some((h) => h.what === "bill")) return "bill";
  return orders.some((o) => o.state === "ready") ? "ready" : "none";
}

/** The visits, those that want somebody first, then by the table's name as people count (2 before 10). */
export function byNeed(sessions: readonly FloorSession[], language: string): FloorSession[] {
  const names = new Intl.Collator(language, { numeric: true });
  return [...sessions].sort(
    (a, b) =>
      ranks.indexOf(needOf(a)) - ranks.indexOf(needOf(b)) || names.compare(a.session.table, b.session.table),
  );
}

/** How many things on the floor want somebody, for the number beside its name. */
export function needs(floor: Floor | undefined): number {
  if (!floor) return 0;
  const help = floor.sessions.reduce((sum, s) => sum + (s.session.help?.length ?? 0), 0);
  return floor.waiting.length + help;
}

/** The orders of a visit that are worth showing first: running ones, then what is over. */
export function runningFirst(orders: readonly Order[]): Order[] {
  const over = (o: Order) => Number(["completed", "rejected", "cancelled"].includes(o.state));
  return [...orders].sort((a, b) => over(a) - over(b) || Date.parse(a.placed) - Date.parse(b.placed));
}

/** The places by section, both in the order in which they are sorted; retired ones left out. */
export function sections(places: readonly Place[], language: string): { name: string; places: Place[] }[] {
  const names = new Intl.Collator(language, { numeric: true });
  const found = new Map<string, Place[]>();
  const sorted = places
    .filter((p) => !p.table.retired)
    .sort((a, b) => a.table.sort - b.table.sort || names.compare(a.table.name, b.table.name));
  for (const place of sorted) {
    const section = place.table.section ?? "";
    found.set(section, [...(found.get(section) ?? []), place]);
  }
  return [...found].map(([name, list]) => ({ name, places: list }));
}

/** Whether something is sold out at a time (Unix ms). */
export function soldOut(stock: Stock | undefined, now: number): boolean {
  if (!stock) return false;
  const over = stock.until !== undefined && Date.parse(stock.until) <= now;
  return (stock.sold_out && !over) || stock.left === 0;
}

/** The size and path in the SVG of a code, which is drawn anew because pages may not show foreign pictures. */
export function pathOf(svg: string): { size: number; path: string } | undefined {
  const size = /viewBox="0 0 (\d+) \1"/.exec(svg)?.[1];
  const path = /<path d="([MmHhVvZzLl0-9 .,-]*)"/.exec(svg)?.[1];
  return size && path ? { size: Number(size), path } : undefined;
}
