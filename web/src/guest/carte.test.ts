import { expect, test } from "vitest";
import { doneness, noon, sides, soup, steak, testCarte, water } from "./testmenu";

test("what has no stock record is there without limit", () => {
  const carte = testCarte();
  expect(carte.available(soup, noon)).toEqual({ can: true });
  expect(carte.most({ item: "soup", modifiers: {} }, noon)).toBe(Infinity);
});

test("sold out by hand stays, sold out until a time ends by itself", () => {
  const until = "2026-11-20T13:00:00.000Z";
  const carte = testCarte([
    { key: "soup", sold_out: true },
    { key: "steak", sold_out: true, until },
  ]);
  expect(carte.available(soup, noon)).toEqual({ can: false, why: "sold_out" });
  expect(carte.available(steak, noon)).toEqual({ can: false, why: "sold_out", until });
  expect(carte.available(steak, Date.parse(until))).toEqual({ can: true });
});

test("a countdown shows what is left, and none left is sold out", () => {
  const carte = testCarte([
    { key: "soup", sold_out: false, left: 3 },
    { key: "steak", sold_out: false, left: 0 },
  ]);
  expect(carte.available(soup, noon)).toEqual({ can: true, left: 3 });
  expect(carte.available(steak, noon)).toEqual({ can: false, why: "sold_out" });
});

test("an item is there as long as one of its variants is", () => {
  const one = testCarte([{ key: "water/large", sold_out: true }]);
  expect(one.available(water, noon).can).toBe(true);
  expect(one.variant(water, "large", noon).can).toBe(false);
  const none = testCarte([
    { key: "water/large", sold_out: true },
    { key: "water/small", sold_out: true },
  ]);
  expect(none.available(water, noon).can).toBe(false);
});

test("outside its category's hours an item tells them", () => {
  const carte = testCarte([], ["drinks"]);
  expect(carte.available(water, noon)).toEqual({
    can: false,
    why: "closed",
    hours: [{ from: "18:00", to: "02:00" }],
  });
});

test("the scarcest part decides how many can be had", () => {
  const carte = testCarte([
    { key: "steak", sold_out: false, left: 5 },
    { key: "+fries", sold_out: false, left: 5 },
  ]);
  expect(carte.most({ item: "steak", modifiers: { fries: 2 } }, noon)).toBe(2);
  expect(carte.most({ item: "steak", modifiers: {} }, noon)).toBe(5);
});

test("an item's groups come in the item's order; an unknown one is left out", () => {
  const carte = testCarte();
  expect(carte.groups(steak)).toEqual([doneness, sides]);
  expect(carte.groups({ ...steak, modifier_groups: ["nothing", "sides"] })).toEqual([sides]);
});
