import type { Item, ModifierGroup } from "../lib/types";

/** How many of which modifier one unit has: id → count. */
export type Counts = Record<string, number>;

/** A wanted dish before its price: ids and counts only. */
export interface Wanted {
  item: string;
  variant?: string;
  modifiers: Counts;
}

/** The item's price in the variant, or its cheapest when none is chosen yet. */
export function basePrice(item: Item, variant?: string): number {
  const variants = item.variants ?? [];
  if (variants.length === 0) return item.price;
  const found = variants.find((v) => v.id === variant);
  return found ? found.price : Math.min(...variants.map((v) => v.price));
}

/**
 * What a group's chosen modifiers add to one unit. Its free places go to the cheapest that cost anything, as the
 * device does it; the device's own sum counts, this one only shows it beforehand.
 */
export function groupPrice(group: ModifierGroup, counts: Counts): number {
  const prices = group.modifiers.flatMap((m) => Array<number>(counts[m.id] ?? 0).fill(m.price));
  let free = group.free ?? 0;
  let sum = 0;
  for (const price of prices.sort((a, b) => a - b)) {
    if (free > 0 && price > 0) free--;
    else sum += price;
  }
  return sum;
}

/** The price of one unit with its modifiers, never below zero. */
export function unitPrice(item: Item, groups: ModifierGroup[], wanted: Omit<Wanted, "item">): number {
  const added = groups.reduce((sum, group) => sum + groupPrice(group, wanted.modifiers), 0);
  return Math.max(0, basePrice(item, wanted.variant) + added);
}

/** How many are chosen in the group. */
export function taken(group: ModifierGroup, counts: Counts): number {
  return group.modifiers.reduce((sum, m) => sum + (counts[m.id] ?? 0), 0);
}
