import { expect, test } from "vitest";
import { basePrice, groupPrice, unitPrice } from "./price";
import { sides, steak, water } from "./testmenu";

test.each([
  ["nothing chosen", {}, 0],
  ["the one free place", { fries: 1 }, 0],
  ["the cheapest is free", { fries: 1, salad: 1 }, 420],
  ["repeats fill the free place once", { fries: 2 }, 350],
  ["a reduction never uses the free place", { small: 1, salad: 1 }, -100],
  ["three of them", { fries: 1, salad: 2 }, 840],
])("a group adds: %s", (_name, counts, want) => {
  expect(groupPrice(sides, counts)).toBe(want);
});

test("a variant has its own price; before one is chosen the cheapest is shown", () => {
  expect(basePrice(water, "large")).toBe(640);
  expect(basePrice(water)).toBe(290);
});

test("a unit never costs less than nothing", () => {
  const cheap = { ...steak, price: 50 };
  expect(unitPrice(cheap, [sides], { modifiers: { small: 1 } })).toBe(0);
  expect(unitPrice(steak, [sides], { modifiers: { fries: 1, salad: 1 } })).toBe(2890 + 420);
});
