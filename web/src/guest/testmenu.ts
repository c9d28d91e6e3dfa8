import type { GuestMenu, Item, ModifierGroup, Stock } from "../lib/types";
import { Carte } from "./carte.svelte";

/** A moment of the device for tests (Unix ms). */
export const noon = Date.parse("2026-11-20T12:00:00.000Z");

export const sides: ModifierGroup = {
  id: "sides",
  name: { en: "Sides" },
  min: 0,
  max: 3,
  free: 1,
  repeat: true,
  modifiers: [
    { id: "fries", name: { en: "Fries" }, price: 350 },
    { id: "salad", name: { en: "Salad" }, price: 420, allergens: ["mustard"] },
    { id: "small", name: { en: "Small plate" }, price: -100 },
  ],
};

export const doneness: ModifierGroup = {
  id: "doneness",
  name: { en: "Doneness" },
  min: 1,
  max: 1,
  modifiers: [
    { id: "rare", name: { en: "Rare" }, price: 0 },
    { id: "well", name: { en: "Well done" }, price: 0 },
  ],
};

export const steak: Item = {
  id: "steak",
  name: { en: "Steak", de: "Steak" },
  description: { de: "mit Kräuterbutter" },
  price: 2890,
  modifier_groups: ["doneness", "sides"],
  allergens: ["milk"],
  allergens_known: true,
};
export const soup: Item = { id: "soup", name: { en: "Soup", de: "Suppe" }, price: 750 };
export const bread: Item = {
  id: "bread",
  name: { en: "Crème brûlée", de: "Weißbrot" },
  price: 290,
  diet: ["vegan"],
  allergens: ["gluten"],
  may_contain: ["nuts"],
  allergens_known: true,
};
export const water: Item = {
  id: "water",
  name: { en: "Water" },
  price: 0,
  variants: [
    { id: "large", name: { en: "0.75 l" }, price: 640 },
    { id: "small", name: { en: "0.25 l" }, price: 290 },
  ],
};

/** A menu in memory; the stock is what is not available without limit. */
export function testMenu(stock: Stock[] = [], closed: string[] = []): GuestMenu {
  return {
    menu: {
      version: 3,
      published: "2026-11-20T08:00:00.000Z",
      currency: "EUR",
      languages: ["en", "de"],
      stations: [],
      taxes: [],
      modifier_groups: [sides, doneness],
      categories: [
        { id: "food", name: { en: "Food" }, items: [steak, soup, bread] },
        { id: "drinks", name: { en: "Drinks" }, hours: [{ from: "18:00", to: "02:00" }], items: [water] },
      ],
    },
    stock,
    closed,
  };
}

export function testCarte(stock: Stock[] = [], closed: string[] = []): Carte {
  const carte = new Carte();
  carte.data = testMenu(stock, closed);
  return carte;
}

/** A localStorage that lives as long as the test. */
export function memory(): Storage {
  const kept = new Map<string, string>();
  return {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
    clear: () => kept.clear(),
    key: (i: number) => [...kept.keys()][i] ?? null,
    get length() {
      return kept.size;
    },
  };
}
