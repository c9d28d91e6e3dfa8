import type { KitchenItem, Stock, Ticket } from "./wire";

/** Something on the menu that can be sold out, as the list shows it. */
export interface Sale {
  /** The key of its stock record: an item's id, or "item/variant". */
  key: string;
  name: string;
  category: string;
  out: boolean;
  /** How many are left, undefined without a countdown. */
  left: number | undefined;
  /** When sold out ends by itself. */
  until: string | undefined;
  /** It stands on an open ticket: what runs out is what is being cooked. */
  cooking: boolean;
}

/** When sold out ends: by hand, after hours, or at an instant. */
export type Until = "hand" | "day" | 1 | 3;

/** Everything on the menu that can be sold out; `stock` tells the record of a key. */
export function sales(
  items: readonly KitchenItem[],
  stock: (key: string) => Stock | undefined,
  tickets: readonly Ticket[],
): Sale[] {
  const cooking = new Set<string>();
  for (const { items } of tickets.filter((t) => t.kind === "food")) {
    for (const i of items) cooking.add(plain(i.name)).add(plain(`${i.name} ${i.variant ?? ""}`));
  }
  const sale = (key: string, name: string, category: string): Sale => {
    const { sold_out: out = false, left, until } = stock(key) ?? {};
    return { key, name, category, out, left, until, cooking: cooking.has(plain(name)) };
  };
  return items.flatMap((item) => [
    sale(item.id, item.name, item.category),
    ...(item.variants ?? []).map((v) => sale(`${item.id}/${v.id}`, `${item.name} ${v.name}`, item.category)),
  ]);
}

/** The sale of a dish as tickets call it, undefined when the menu has none of that name. */
export function saleOf(
  items: readonly KitchenItem[],
  stock: (key: string) => Stock | undefined,
  dish: string,
): Sale | undefined {
  return sales(items, stock, []).find((s) => plain(s.name) === plain(dish));
}

/** The sales whose name or category contains the words, whatever their case and accents. */
export function search(list: readonly Sale[], words: string): Sale[] {
  const wanted = plain(words).split(/\s+/).filter(Boolean);
  return list.filter((s) => wanted.every((w) => plain(`${s.name} ${s.category}`).includes(w)));
}

/** The stock record that turns it round. A countdown that was there stays: the device does not count what is out. */
export function toggled(sale: Sale): Stock {
  return { key: sale.key, sold_out: !sale.out, ...(sale.left !== undefined && { left: sale.left }) };
}

/** The stock record that ends by itself; `now` is the device's time, `ends` the end of its business day. */
export function endingAt(sale: Sale, until: Until, now: number, ends: string | undefined): Stock {
  const at = until === "day" ? ends : until === "hand" ? undefined : instant(now + until * 3600_000);
  const left = sale.left === undefined ? {} : { left: sale.left };
  return { key: sale.key, sold_out: true, ...left, ...(at && { until: at }) };
}

/** The stock record that counts down from so many; undefined ends the countdown. */
export function counting(sale: Sale, left: number | undefined): Stock {
  return { key: sale.key, sold_out: false, ...(left !== undefined && { left: Math.max(0, left) }) };
}

/** The record as it was, to undo. */
export function asBefore(sale: Sale): Stock {
  const { key, out, left, until } = sale;
  return { key, sold_out: out, ...(left !== undefined && { left }), ...(out && until && { until }) };
}

/** Text without case, accents and double spaces, to be searched and compared. */
export function plain(text: string): string {
  return text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replace(/\s+/g, " ").trim();
}

function instant(at: number): string {
  return new Date(Math.ceil(at / 60_000) * 60_000).toISOString();
}
