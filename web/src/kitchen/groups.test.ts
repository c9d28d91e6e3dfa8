import { describe, expect, it } from "vitest";
import { groups } from "./groups";
import { finished } from "./recall";
import { asBefore, counting, endingAt, sales, search, toggled } from "./soldout";
import { at, dish, ticket } from "./sample";

describe("groups", () => {
  const no = { name: "ONION", quantity: 1, removal: true };

  it("puts together what is made the same way, the oldest first", () => {
    const list = groups([
      ticket("a", 1, { number: "12", items: [dish(0, "Burger", { quantity: 3, done: 1 })] }),
      ticket("b", 2, { number: "14", items: [dish(0, "Soup"), dish(1, "Burger", { quantity: 4 })] }),
      ticket("c", 3, {
        items: [dish(0, "Burger", { modifiers: [no] }), dish(1, "Burger", { note: "rare" })],
      }),
      ticket("x", 4, { kind: "cancellation", items: [dish(0, "Burger", { quantity: 9 })] }),
    ]);
    expect(list.map((g) => `${g.quantity} ${g.name} ${g.modifiers.length}${g.note}`)).toEqual([
      "6 Burger 0",
      "1 Soup 0",
      "1 Burger 1",
      "1 Burger 0rare",
    ]);
    expect(list[0]!.places).toEqual([
      { ticket: "a", number: "12", item: 0, left: 2, done: 1 },
      { ticket: "b", number: "14", item: 1, left: 4, done: 0 },
    ]);
  });

  it("never puts a dish for an allergy together with others", () => {
    const list = groups([
      ticket("a", 1),
      ticket("b", 2, { allergies: ["nuts"] }),
      ticket("c", 3, { allergy_note: "no traces of egg" }),
      ticket("d", 4),
    ]);
    expect(list.map((g) => [g.quantity, g.allergies.join() + g.allergyNote])).toEqual([
      [2, ""],
      [1, "nuts"],
      [1, "no traces of egg"],
    ]);
  });

  it("leaves out what is done or cancelled", () => {
    const items = [dish(0, "Soup", { quantity: 2, done: 1, cancelled: 1 }), dish(1, "Bread", { done: 1 })];
    expect(groups([ticket("a", 1, { items })])).toEqual([]);
  });
});

describe("sold out", () => {
  const items = [
    { id: "soup", name: "Crème", category: "Starters" },
    { id: "cola", name: "Cola", category: "Drinks", variants: [{ id: "l", name: "large" }] },
  ];
  const stock = { cola: { key: "cola", sold_out: false, left: 4 } } as Record<
    string,
    { key: string; sold_out: boolean; left: number }
  >;
  const list = sales(items, (key) => stock[key], [
    ticket("a", 1, { items: [dish(0, "COLA", { variant: "large" })] }),
  ]);
  const [soup, cola] = [list[0]!, list[1]!];

  it("lists items and variants, and knows what is being cooked", () => {
    expect(list.map((s) => `${s.key} ${s.cooking}`)).toEqual(["soup false", "cola true", "cola/l true"]);
    expect(search(list, "creme").map((s) => s.key)).toEqual(["soup"]);
    expect(search(list, "drinks LARGE").map((s) => s.key)).toEqual(["cola/l"]);
  });

  it("makes the records: turned round, counted, until a time, and as before", () => {
    const now = Date.parse(at(0));
    expect(toggled(cola)).toEqual({ key: "cola", sold_out: true, left: 4 });
    expect(counting(soup, -1)).toEqual({ key: "soup", sold_out: false, left: 0 });
    expect(counting(cola, undefined)).toEqual({ key: "cola", sold_out: false });
    expect(endingAt(soup, 1, now, undefined)).toEqual({ key: "soup", sold_out: true, until: at(60) });
    expect(endingAt(soup, "day", now, at(300))).toEqual({ key: "soup", sold_out: true, until: at(300) });
    expect(endingAt(cola, "hand", now, at(300))).toEqual({ key: "cola", sold_out: true, left: 4 });
    expect(asBefore(cola)).toEqual({ key: "cola", sold_out: false, left: 4 });
  });
});

describe("recall", () => {
  const done = [
    ticket("1", 1, { table: "Terrace 4", items: [dish(0, "Crème brûlée")] }),
    ticket("12", 2, { table: "1", items: [dish(0, "Soup")] }),
    ticket("21", 3, { table: "12", items: [dish(0, "Soup")] }),
  ];
  it.each([
    ["", ["1", "12", "21"]],
    ["12", ["12", "21"]],
    ["1", ["1", "12"]],
    ["terr", ["1"]],
    ["creme", ["1"]],
    ["soup 12", ["12", "21"]],
    ["fish", []],
  ])("finds %o", (words, want) => expect(finished(done, words).map((t) => t.number)).toEqual(want));
});
