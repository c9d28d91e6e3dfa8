import { beforeEach, expect, test, vi } from "vitest";
import type { Stock } from "../lib/types";
import { Cart } from "./cart.svelte";
import { memory, noon, testCarte, testMenu } from "./testmenu";

beforeEach(() => {
  vi.stubGlobal("localStorage", memory());
});

function filled(stock: Stock[] = []): Cart {
  const cart = new Cart(testCarte(stock));
  cart.open("s1");
  cart.add({ item: "steak", modifiers: { rare: 1, fries: 1, salad: 1 }, quantity: 2, note: "" });
  cart.add({ item: "soup", modifiers: {}, quantity: 3, note: "hot" });
  return cart;
}

test("counts and sums, with the group's free place", () => {
  const cart = filled();
  expect(cart.count).toBe(5);
  expect(cart.sum).toBe(2 * (2890 + 420) + 3 * 750);
  expect(cart.of("soup")).toBe(3);
});

test("the same dish joins its line, another wish makes another line", () => {
  const cart = filled();
  cart.add({ item: "soup", modifiers: {}, quantity: 1, note: "hot" });
  cart.add({ item: "soup", modifiers: {}, quantity: 1, note: "" });
  expect(cart.lines.map((l) => [l.item, l.note, l.quantity])).toEqual([
    ["steak", "", 2],
    ["soup", "hot", 4],
    ["soup", "", 1],
  ]);
});

test("survives a reload, separately for every session", () => {
  filled();
  const again = new Cart(testCarte());
  again.open("s1");
  expect(again.count).toBe(5);
  again.open("s2");
  expect(again.count).toBe(0);
  again.open("s1");
  expect(again.count).toBe(5);
});

test("what was kept by another page and makes no sense is dropped", () => {
  localStorage.setItem("comanda.cart.s1", JSON.stringify([{ id: "x" }, null, { quantity: -1 }]));
  const cart = new Cart(testCarte());
  cart.open("s1");
  expect(cart.lines).toEqual([]);
  localStorage.setItem("comanda.cart.s9", "{");
  cart.open("s9");
  expect(cart.lines).toEqual([]);
});

test("a line taken away can be put back where it was", () => {
  const cart = filled();
  const line = { ...cart.lines[0]! };
  cart.setQuantity(line.id, 0);
  expect(cart.lines.map((l) => l.item)).toEqual(["soup"]);
  cart.putBack(line, 0);
  expect(cart.lines.map((l) => l.item)).toEqual(["steak", "soup"]);
});

test("the device is told ids, counts and the price that was seen", () => {
  expect(filled().wanted()).toEqual([
    {
      item: "steak",
      quantity: 2,
      unit: 3310,
      modifiers: [
        { id: "rare", quantity: 1 },
        { id: "fries", quantity: 1 },
        { id: "salad", quantity: 1 },
      ],
    },
    { item: "soup", quantity: 3, unit: 750, note: "hot" },
  ]);
});

test("a new price that was agreed to is shown and sent", () => {
  const cart = filled();
  cart.settle([{ line: 1, kind: "price_changed", item: "soup", was: 750, now: 800 }], noon);
  expect(cart.unit(cart.lines[1]!)).toBe(800);
  expect(cart.wanted()[1]!.unit).toBe(800);
});

test("few left lowers the line, none left takes only that line", () => {
  const cart = filled([{ key: "soup", sold_out: false, left: 1 }]);
  cart.settle([{ line: 1, kind: "few_left", item: "soup", left: 1 }], noon);
  expect(cart.lines[1]!.quantity).toBe(1);
  cart.settle([{ line: 1, kind: "few_left", item: "soup", left: 0 }], noon);
  expect(cart.lines.map((l) => l.item)).toEqual(["steak"]);
});

test.each(["gone", "options_changed", "not_now"] as const)("%s takes the line, the rest stays", (kind) => {
  const cart = filled();
  cart.settle([{ line: 0, kind, item: "steak" }], noon);
  expect(cart.lines.map((l) => l.item)).toEqual(["soup"]);
});

test("a sold-out dish goes; a sold-out extra goes alone if its group allows", () => {
  const dish = filled([{ key: "steak", sold_out: true }]);
  dish.settle([{ line: 0, kind: "sold_out", item: "steak" }], noon);
  expect(dish.lines.map((l) => l.item)).toEqual(["soup"]);

  vi.stubGlobal("localStorage", memory());
  const extra = filled([{ key: "+salad", sold_out: true }]);
  extra.settle([{ line: 0, kind: "sold_out", item: "steak" }], noon);
  expect(extra.lines[0]!.modifiers).toEqual({ rare: 1, fries: 1 });

  vi.stubGlobal("localStorage", memory());
  const needed = filled([{ key: "+rare", sold_out: true }]);
  needed.settle([{ line: 0, kind: "sold_out", item: "steak" }], noon);
  expect(needed.lines.map((l) => l.item)).toEqual(["soup"]);
});

test("several differences refer to the lines as they were sent", () => {
  const cart = filled();
  cart.settle(
    [
      { line: 0, kind: "gone", item: "steak" },
      { line: 1, kind: "price_changed", item: "soup", was: 750, now: 700 },
    ],
    noon,
  );
  expect(cart.lines.map((l) => [l.item, l.agreed])).toEqual([["soup", 700]]);
});

test("a dish that left the menu costs nothing and breaks nothing", () => {
  const carte = testCarte();
  const cart = new Cart(carte);
  cart.open("s1");
  cart.add({ item: "soup", modifiers: {}, quantity: 1, note: "" });
  const menu = testMenu();
  menu.menu.categories[0]!.items = [];
  carte.data = menu;
  expect(cart.sum).toBe(0);
});
