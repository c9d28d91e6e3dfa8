import { inWords } from "../lib/words.svelte";
import { soldOut } from "./floor";
import type { Menu, Stock } from "./wire";

/** Something that can be sold out: a dish, a version of one, or a change to dishes. */
export interface Good {
  key: string;
  name: string;
  group: string;
  out: boolean;
  left: number | undefined;
  until: string | undefined;
}

/** Everything on the menu with what its stock record says at a time (Unix ms), in the menu's order. Reactive. */
export function goodsOf(menu: Menu, stock: readonly Stock[], now: number, changes: string): Good[] {
  const records = new Map(stock.map((s) => [s.key, s]));
  const word = (texts: Record<string, string> | undefined) => inWords(texts, ...menu.languages);
  const good = (key: string, name: string, group: string): Good => {
    const record = records.get(key);
    return { key, name, group, out: soldOut(record, now), left: record?.left, until: record?.until };
  };
  const items = menu.categories.flatMap((category) =>
    category.items.flatMap((item) => [
      good(item.id, word(item.name), word(category.name)),
      ...(item.variants ?? []).map((v) =>
        good(`${item.id}/${v.id}`, `${word(item.name)} · ${word(v.name)}`, word(category.name)),
      ),
    ]),
  );
  const modifiers = (menu.modifier_groups ?? []).flatMap((g) => g.modifiers);
  return [...items, ...modifiers.map((m) => good(`+${m.id}`, word(m.name), changes))];
}

/** Those whose name or group holds every word of the search, whatever the accents and capitals. */
export function matching(goods: readonly Good[], search: string): Good[] {
  const wanted = plain(search).split(/\s+/).filter(Boolean);
  return goods.filter((g) => {
    const text = plain(`${g.name} ${g.group}`);
    return wanted.every((w) => text.includes(w));
  });
}

function plain(text: string): string {
  return text.toLocaleLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
}

/** The goods by group, in their order. */
export function grouped(goods: readonly Good[]): { name: string; goods: Good[] }[] {
  const found = new Map<string, Good[]>();
  for (const good of goods) found.set(good.group, [...(found.get(good.group) ?? []), good]);
  return [...found].map(([name, list]) => ({ name, goods: list }));
}
