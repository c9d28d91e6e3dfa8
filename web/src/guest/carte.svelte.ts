import type { Category, GuestMenu, Item, Modifier, ModifierGroup, Stock, Window } from "../lib/types";
import { isSet } from "../lib/time.svelte";
import type { Wanted } from "./price";

/** Whether something can be had, and if not, why. */
export type Availability =
  | { can: true; left?: number }
  | { can: false; why: "sold_out"; until?: string }
  | { can: false; why: "closed"; hours: Window[] };

const always: Availability = { can: true };

/** The menu as the guest has it now: one version, with stock and hours on top. */
export class Carte {
  data = $state.raw<GuestMenu | undefined>();

  #items = $derived.by(() => {
    const all = new Map<string, { item: Item; category: Category }>();
    for (const category of this.data?.menu.categories ?? [])
      for (const item of category.items) all.set(item.id, { item, category });
    return all;
  });
  #groups = $derived(new Map((this.data?.menu.modifier_groups ?? []).map((g) => [g.id, g])));
  #stock = $derived(new Map((this.data?.stock ?? []).map((s) => [s.key, s])));
  #closed = $derived(new Set(this.data?.closed ?? []));

  get version(): number {
    return this.data?.menu.version ?? 0;
  }

  get currency(): string {
    return this.data?.menu.currency ?? "EUR";
  }

  get categories(): Category[] {
    return this.data?.menu.categories ?? [];
  }

  /** True when some tax is added to the prices shown. */
  get taxOnTop(): boolean {
    return this.data?.menu.taxes.some((t) => t.on_top) ?? false;
  }

  setStock(stock: Stock[]): void {
    if (this.data) this.data = { ...this.data, stock };
  }

  item(id: string): Item | undefined {
    return this.#items.get(id)?.item;
  }

  /** The course an item is in; undefined for what belongs to none or is not on the menu. */
  courseOf(id: string): number | undefined {
    const found = this.#items.get(id);
    return found?.item.course || found?.category.course || undefined;
  }

  groups(item: Item): ModifierGroup[] {
    return (item.modifier_groups ?? []).flatMap((id) => this.#groups.get(id) ?? []);
  }

  /** Whether the item can be ordered now, at this moment of the device (Unix ms). */
  available(item: Item, at: number): Availability {
    const category = this.#items.get(item.id)?.category;
    if (this.#closed.has(item.id)) return { can: false, why: "closed", hours: item.hours ?? [] };
    if (category && this.#closed.has(category.id))
      return { can: false, why: "closed", hours: category.hours ?? [] };
    const own = this.#of(item.id, at);
    const variants = item.variants ?? [];
    if (!own.can || variants.length === 0) return own;
    const open = variants.filter((v) => this.variant(item, v.id, at).can);
    return open.length > 0 ? own : this.variant(item, variants[0]!.id, at);
  }

  variant(item: Item, variant: string, at: number): Availability {
    return this.#of(`${item.id}/${variant}`, at);
  }

  modifier(modifier: Modifier, at: number): Availability {
    return this.#of(`+${modifier.id}`, at);
  }

  /** How many units of what is wanted the stock allows; Infinity without a limit. */
  most(wanted: Wanted, at: number): number {
    const needs: [string, number][] = [[wanted.item, 1]];
    if (wanted.variant) needs.push([`${wanted.item}/${wanted.variant}`, 1]);
    for (const [id, n] of Object.entries(wanted.modifiers)) if (n > 0) needs.push([`+${id}`, n]);
    return Math.min(
      ...needs.map(([key, n]) => {
        const found = this.#of(key, at);
        if (!found.can) return 0;
        return found.left === undefined ? Infinity : Math.floor(found.left / n);
      }),
    );
  }

  #of(key: string, at: number): Availability {
    const stock = this.#stock.get(key);
    if (!stock) return always;
    if (stock.sold_out && !isSet(stock.until)) return { can: false, why: "sold_out" };
    if (stock.sold_out && at < Date.parse(stock.until!))
      return { can: false, why: "sold_out", until: stock.until! };
    if (stock.left === undefined || stock.left === null) return always;
    return stock.left > 0 ? { can: true, left: stock.left } : { can: false, why: "sold_out" };
  }
}
