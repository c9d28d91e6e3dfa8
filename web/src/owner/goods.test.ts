import { describe, expect, it } from "vitest";
import { goodsOf, grouped, matching } from "./goods";
import type { Menu } from "./wire";

const menu = {
  languages: ["de"],
  categories: [
    {
      id: "c",
      name: { de: "Suppen" },
      items: [
        { id: "soup", name: { de: "Käsesuppe" } },
        { id: "beer", name: { de: "Bier" }, variants: [{ id: "s", name: { de: "0,3 l" } }] },
      ],
    },
  ],
  modifier_groups: [{ id: "g", modifiers: [{ id: "bacon", name: { de: "Speck" } }] }],
} as unknown as Menu;

describe("goods", () => {
  const stock = [
    { key: "soup", sold_out: true },
    { key: "beer/s", sold_out: false, left: 3 },
  ];
  const goods = goodsOf(menu, stock, 0, "Extras");

  it("lists dishes, versions and changes with their stock", () => {
    expect(goods.map((g) => [g.key, g.name, g.group, g.out, g.left])).toEqual([
      ["soup", "Käsesuppe", "Suppen", true, undefined],
      ["beer", "Bier", "Suppen", false, undefined],
      ["beer/s", "Bier · 0,3 l", "Suppen", false, 3],
      ["+bacon", "Speck", "Extras", false, undefined],
    ]);
  });

  it("finds by all words, without accents", () => {
    expect(matching(goods, " KASE suppen ").map((g) => g.key)).toEqual(["soup"]);
    expect(matching(goods, "").length).toBe(4);
    expect(matching(goods, "pizza")).toEqual([]);
  });

  it("groups them", () => {
    expect(grouped(goods).map((g) => [g.name, g.goods.length])).toEqual([
      ["Suppen", 3],
      ["Extras", 1],
    ]);
  });
});
