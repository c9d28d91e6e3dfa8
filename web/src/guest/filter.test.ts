import { beforeEach, expect, test, vi } from "vitest";
import { language } from "../lib/words.svelte";
import { Filter } from "./filter.svelte";
import { bread, memory, soup, steak, testMenu } from "./testmenu";

const categories = testMenu().menu.categories;
const names = (filter: Filter) => filter.apply(categories).flatMap((c) => c.items.map((i) => i.id));

beforeEach(() => {
  vi.stubGlobal("localStorage", memory());
  language.set("en");
});

test("without a filter everything is there, but no empty category", () => {
  const empty = { id: "empty", name: { en: "Empty" }, items: [] };
  expect(new Filter().apply([...categories, empty])).toEqual(categories);
});

test.each([
  ["steak", ["steak"]],
  ["  STEAK ", ["steak"]],
  ["creme brulee", ["bread"]],
  ["food soup", ["soup"]],
  ["soup steak", []],
  ["krauter", ["steak"]],
])("search %j finds %j", (text, want) => {
  const filter = new Filter();
  filter.text = text;
  expect(names(filter)).toEqual(want);
});

test("search is in the language shown", () => {
  const filter = new Filter();
  language.set("de");
  filter.text = "weissbrot";
  expect(names(filter)).toEqual(["bread"]);
});

test("vegan food is vegetarian, too", () => {
  const filter = new Filter();
  filter.toggleDiet("vegetarian");
  expect(names(filter)).toEqual(["bread"]);
  filter.toggleDiet("halal");
  expect(names(filter)).toEqual([]);
});

test("what lists an avoided allergen is hidden; traces and unknown stay, with a warning", () => {
  const filter = new Filter();
  filter.toggleAvoid("milk");
  filter.toggleAvoid("nuts");
  expect(names(filter)).toEqual(["soup", "bread", "water"]);
  expect(filter.warning(steak)).toBe("contains");
  expect(filter.warning(bread)).toBe("traces");
  expect(filter.warning(soup)).toBe("unknown");
});

test("what was chosen is remembered on the phone, the search is not", () => {
  const filter = new Filter();
  filter.toggleAvoid("milk");
  filter.text = "soup";
  const again = new Filter();
  expect(again.avoid).toEqual(["milk"]);
  expect(again.text).toBe("");
  again.clear();
  expect(new Filter().count).toBe(0);
});
