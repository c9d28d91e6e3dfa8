import { recall, remember } from "./storage";

/** A text, or one text per plural form (CLDR categories; "other" is always there). */
export type Entry = string | ({ other: string } & Partial<Record<Intl.LDMLPluralRule, string>>);

/** What stands in the braces of a text: "{table}". `n` also chooses the plural form. */
export type Values = Record<string, string | number>;

/** The languages our own words exist in. What the house sells may be in more. */
export const spoken = ["en", "de"] as const;
export type Spoken = (typeof spoken)[number];

/** Gives the wording for a key of one catalog in the page's language. Reactive. */
export type Say<K> = (key: K, values?: Values) => string;

const rightToLeft = /^(ar|dv|fa|he|ks|ku|ps|sd|ug|ur|yi)\b/;

/** The page's language: one for everything on it. */
export class Language {
  /** BCP 47 tag the reader chose; the house's texts are shown in it. */
  tag = $state("en");

  /** The tag's closest language among those our own words exist in. */
  get spoken(): Spoken {
    return spokenFor(this.tag);
  }

  /** Switches the page; remembered under `name` when one is given. */
  set(tag: string, name?: string): void {
    this.tag = tag;
    if (typeof document !== "undefined") {
      document.documentElement.lang = tag;
      document.documentElement.dir = rightToLeft.test(tag) ? "rtl" : "ltr";
    }
    if (name) remember(name, tag);
  }

  /** Starts with what was remembered under `name`, else the reader's best match among `offered`. */
  begin(offered: readonly string[] = spoken, name?: string): void {
    const kept = name ? recall<string>(name) : undefined;
    this.set(kept && offered.includes(kept) ? kept : bestOf(offered, navigator.languages ?? []));
  }
}

function spokenFor(tag: string): Spoken {
  const base = tag.toLowerCase().split("-")[0];
  return spoken.find((s) => s === base) ?? "en";
}

/** The page's one language. */
export const language = new Language();

/** The first of the wanted languages that is offered (exactly, else by its base), else the first offered. */
export function bestOf(offered: readonly string[], wanted: readonly string[]): string {
  const base = (tag: string) => tag.toLowerCase().split("-")[0];
  for (const want of wanted) {
    const exact = offered.find((o) => o.toLowerCase() === want.toLowerCase());
    const found = exact ?? offered.find((o) => base(o) === base(want));
    if (found) return found;
  }
  return offered[0] ?? "en";
}

/**
 * Makes the wording function of a catalog. The type of `de` demands every key of `en` and no other.
 */
export function words<E extends Record<string, Entry>, D extends Record<keyof E, Entry>>(catalogs: {
  en: E;
  de: D & Record<Exclude<keyof D, keyof E>, never>;
}): Say<keyof E & string> {
  return (key, values = {}) => {
    const tongue = language.spoken;
    return fill(catalogs[tongue][key] as Entry, values, tongue);
  };
}

/** A catalog of which only the languages that are read are loaded. */
export interface LateWords<K> {
  say: Say<K>;
  /** Loads the catalog that `tag` needs; say gives keys until one is there. */
  load(tag: string): Promise<void>;
}

/** Like words, for a page on which every kilobyte counts. */
export function lateWords<E extends Record<string, Entry>, D extends Record<keyof E, Entry>>(catalogs: {
  en: () => Promise<{ default: E }>;
  de: () => Promise<{ default: D & Record<Exclude<keyof D, keyof E>, never> }>;
}): LateWords<keyof E & string> {
  let loaded = $state.raw<Partial<Record<Spoken, Record<keyof E, Entry>>>>({});
  return {
    say(key, values = {}) {
      const tongue = loaded[language.spoken] ? language.spoken : spoken.find((s) => loaded[s]);
      return tongue ? fill(loaded[tongue]![key], values, tongue) : key;
    },
    async load(tag) {
      const tongue = spokenFor(tag);
      if (loaded[tongue]) return;
      const { default: catalog } = await catalogs[tongue]();
      loaded = { ...loaded, [tongue]: catalog };
    },
  };
}

/** Fills the braces of an entry; numbers are written as the language does. */
export function fill(entry: Entry, values: Values, tongue: string): string {
  const text = typeof entry === "string" ? entry : (entry[plural(values.n, tongue)] ?? entry.other);
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === "number" ? value.toLocaleString(tongue) : value;
  });
}

const rules = new Map<string, Intl.PluralRules>();

function plural(n: string | number | undefined, tongue: string): Intl.LDMLPluralRule {
  let rule = rules.get(tongue);
  if (!rule) rules.set(tongue, (rule = new Intl.PluralRules(tongue)));
  return rule.select(Number(n ?? 0));
}

/** The house's text in the page's language, else in the fallbacks' order, else in any. Reactive. */
export function inWords(texts: Record<string, string> | undefined | null, ...fallbacks: string[]): string {
  if (!texts) return "";
  const base = language.tag.split("-")[0]!;
  for (const tag of [language.tag, base, ...fallbacks, "en"]) if (texts[tag]) return texts[tag];
  return (
    Object.keys(texts)
      .sort()
      .map((tag) => texts[tag]!)
      .find((text) => text !== "") ?? ""
  );
}
