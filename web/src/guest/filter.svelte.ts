import type { Allergen, Category, Item } from "../lib/types";
import { recall, remember } from "../lib/storage";
import { inWords } from "../lib/words.svelte";

/** The fourteen allergens of Annex II, Regulation (EU) 1169/2011, in its order. */
export const allergens = [
  "gluten",
  "crustaceans",
  "eggs",
  "fish",
  "peanuts",
  "soybeans",
  "milk",
  "nuts",
  "celery",
  "mustard",
  "sesame",
  "sulphites",
  "lupin",
  "molluscs",
] as const satisfies readonly Allergen[];

/** The diet marks a menu can carry. */
export const diets = ["vegetarian", "vegan", "halal", "kosher"] as const;
export type Diet = (typeof diets)[number];

/** What an item's own words say about something a guest avoids. None of the answers promises absence. */
export type Warning = "contains" | "traces" | "unknown" | "nothing listed";

/** What the guest wants to see of the menu. Avoided allergens and diets are kept on the phone, and only there. */
export class Filter {
  text = $state("");
  diet = $state.raw<Diet[]>([]);
  avoid = $state.raw<Allergen[]>([]);

  constructor() {
    const kept = recall<{ diet?: Diet[]; avoid?: Allergen[] }>("comanda.filter");
    this.diet = (kept?.diet ?? []).filter((d) => diets.includes(d));
    this.avoid = (kept?.avoid ?? []).filter((a) => allergens.includes(a));
  }

  /** How many filters are on, without the search. */
  get count(): number {
    return this.diet.length + this.avoid.length;
  }

  get active(): boolean {
    return this.count > 0 || this.text.trim() !== "";
  }

  toggleDiet(diet: Diet): void {
    this.diet = toggled(this.diet, diet);
    this.#keep();
  }

  toggleAvoid(allergen: Allergen): void {
    this.avoid = toggled(this.avoid, allergen);
    this.#keep();
  }

  clear(): void {
    this.text = "";
    this.diet = [];
    this.avoid = [];
    this.#keep();
  }

  /** The categories with what is left of their items; empty ones are gone. */
  apply(categories: Category[]): Category[] {
    if (!this.active) return categories.filter((c) => c.items.length > 0);
    const terms = plain(this.text).split(/\s+/).filter(Boolean);
    return categories
      .map((c) => ({ ...c, items: c.items.filter((i) => this.#shows(i, inWords(c.name), terms)) }))
      .filter((c) => c.items.length > 0);
  }

  /** The strongest warning of an item for the avoided allergens. */
  warning(item: Item): Warning {
    if (listed(item.allergens, this.avoid)) return "contains";
    if (listed(item.may_contain, this.avoid)) return "traces";
    return item.allergens_known ? "nothing listed" : "unknown";
  }

  #shows(item: Item, category: string, terms: string[]): boolean {
    if (!this.diet.every((d) => keeps(item, d))) return false;
    if (this.avoid.length > 0 && this.warning(item) === "contains") return false;
    const text = plain(`${inWords(item.name)} ${inWords(item.description)} ${category}`);
    return terms.every((term) => text.includes(term));
  }

  #keep(): void {
    remember("comanda.filter", { diet: this.diet, avoid: this.avoid });
  }
}

/** What is vegan is vegetarian, too. */
export function keeps(item: Item, diet: Diet): boolean {
  const marks = item.diet ?? [];
  return marks.includes(diet) || (diet === "vegetarian" && marks.includes("vegan"));
}

/** Adds what is missing, takes away what is there. */
export function toggled<T>(list: T[], value: T): T[] {
  return list.includes(value) ? list.filter((v) => v !== value) : [...list, value];
}

function listed(contents: readonly string[] | undefined, avoided: Allergen[]): boolean {
  return avoided.some((a) => contents?.includes(a));
}

/** Text without case and accents, so that "creme brulee" finds "Crème brûlée". */
function plain(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replaceAll("ß", "ss");
}
