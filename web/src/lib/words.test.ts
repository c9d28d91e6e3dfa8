import { beforeEach, describe, expect, test } from "vitest";
import { bestOf, fill, inWords, language, spoken, type Entry } from "./words.svelte";

const files = import.meta.glob<Record<string, Entry>>("./words/*.json", { eager: true, import: "default" });
const screens = Object.keys(files).flatMap((path) => /([^/]+)\.en\.json$/.exec(path)?.[1] ?? []);
const read = (screen: string, tongue: string) => files[`./words/${screen}.${tongue}.json`] ?? {};
const texts = (entry: Entry) => (typeof entry === "string" ? [entry] : Object.values(entry));
const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]!);

beforeEach(() => language.set("en"));

test("there are words to look at, and every one in English is there in every language", () => {
  expect(screens).toContain("guest");
  expect(Object.keys(files)).toHaveLength(screens.length * spoken.length);
});

describe.each(screens)("words of %s", (screen) => {
  test.each([...spoken])("%s has every key and no other, and nothing is empty", (tongue) => {
    const catalog = read(screen, tongue);
    expect(Object.keys(catalog).sort()).toEqual(Object.keys(read(screen, "en")).sort());
    for (const [key, entry] of Object.entries(catalog))
      for (const text of texts(entry)) expect(text.trim(), `${tongue} ${key}`).not.toBe("");
  });

  test.each([...spoken])("%s fills in the same values and has every plural form", (tongue) => {
    const needed = new Intl.PluralRules(tongue).resolvedOptions().pluralCategories;
    const english = read(screen, "en");
    for (const [key, entry] of Object.entries(read(screen, tongue))) {
      const want = new Set(texts(english[key]!).flatMap(holes));
      const got = new Set(texts(entry).flatMap(holes));
      expect(got, `${tongue} ${key}`).toEqual(want);
      if (typeof entry !== "string")
        expect(Object.keys(entry), `${tongue} ${key}`).toEqual(expect.arrayContaining([...needed]));
    }
  });
});

test("values are filled in, plural forms chosen, numbers written as the language does", () => {
  const entry = { one: "{n} dish at {table}", other: "{n} dishes at {table}" };
  expect(fill(entry, { n: 1, table: "7" }, "en")).toBe("1 dish at 7");
  expect(fill(entry, { n: 1234, table: "7" }, "de")).toBe("1.234 dishes at 7");
  expect(fill("{missing} stays", {}, "en")).toBe("{missing} stays");
});

test("the reader's language is found by its base; else the first offered is taken", () => {
  expect(bestOf(["de", "en"], ["fr-FR", "en-GB"])).toBe("en");
  expect(bestOf(["pt-BR", "pt-PT"], ["pt-pt"])).toBe("pt-PT");
  expect(bestOf(["de", "en"], ["ja"])).toBe("de");
  expect(bestOf([], ["ja"])).toBe("en");
});

test("the house's text falls back in order and never to nothing", () => {
  expect(inWords({ en: "Soup", de: "Suppe" })).toBe("Soup");
  language.set("fr");
  expect(inWords({ en: "Soup", de: "Suppe" }, "de")).toBe("Suppe");
  expect(inWords({ it: "Zuppa" })).toBe("Zuppa");
  expect(inWords({ es: "", it: "Zuppa" })).toBe("Zuppa");
  expect(inWords(undefined)).toBe("");
});

test("our own words exist for every language, the closest counts", () => {
  language.set("de-AT");
  expect(language.spoken).toBe("de");
  language.set("fr");
  expect(language.spoken).toBe("en");
});
