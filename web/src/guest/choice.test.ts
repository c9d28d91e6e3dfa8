import { expect, test } from "vitest";
import { Choice } from "./choice.svelte";
import { doneness, noon, sides, soup, steak, testCarte, water } from "./testmenu";

const at = () => noon;
const [fries, salad] = sides.modifiers as [(typeof sides.modifiers)[0], (typeof sides.modifiers)[0]];
const [rare, well] = doneness.modifiers as [(typeof doneness.modifiers)[0], (typeof doneness.modifiers)[0]];

test("a required group must be answered; a group of one changes over", () => {
  const choice = new Choice(testCarte(), steak, at);
  expect(choice.ready).toBe(false);
  expect(choice.missing).toEqual([doneness]);
  choice.toggle(doneness, rare);
  choice.toggle(doneness, well);
  choice.toggle(doneness, well);
  expect(choice.counts).toEqual({ well: 1 });
  expect(choice.ready).toBe(true);
});

test("a group never takes more than it allows", () => {
  const choice = new Choice(testCarte(), steak, at);
  choice.set(sides, fries, 9);
  expect(choice.count(fries)).toBe(3);
  choice.toggle(sides, salad);
  expect(choice.count(salad)).toBe(0);
  expect(choice.room(sides)).toBe(false);
  choice.set(sides, fries, 1);
  choice.toggle(sides, salad);
  expect(choice.counts).toEqual({ fries: 1, salad: 1 });
});

test("without repeat a modifier is taken once", () => {
  const once = { ...sides, repeat: false };
  const choice = new Choice(testCarte(), steak, at);
  choice.set(once, fries, 2);
  expect(choice.count(fries)).toBe(1);
});

test("the first variant that can be had is chosen", () => {
  const choice = new Choice(testCarte([{ key: "water/large", sold_out: true }]), water, at);
  expect(choice.variant).toBe("small");
  expect(choice.total).toBe(290);
});

test("the quantity stays within stock and the item's own limit", () => {
  const scarce = new Choice(testCarte([{ key: "soup", sold_out: false, left: 2 }]), soup, at);
  scarce.more(5);
  expect(scarce.quantity).toBe(2);
  const limited = new Choice(testCarte(), { ...soup, max_per_order: 4 }, at);
  limited.more(9);
  expect(limited.quantity).toBe(4);
  limited.more(-9);
  expect(limited.quantity).toBe(1);
});

test("changing a line begins with it, without what is sold out since", () => {
  const from = { item: "steak", modifiers: { rare: 1, fries: 2 }, quantity: 2, note: "please hot" };
  const choice = new Choice(testCarte([{ key: "+fries", sold_out: true }]), steak, at, from);
  expect(choice.take()).toEqual({ item: "steak", modifiers: { rare: 1 }, quantity: 2, note: "please hot" });
});
