import type { Item, Modifier, ModifierGroup } from "../lib/types";
import type { Carte } from "./carte.svelte";
import { taken, unitPrice, type Counts } from "./price";

/** What a line of the cart holds: ids, counts and the guest's words. */
export interface Chosen {
  item: string;
  variant?: string;
  modifiers: Counts;
  quantity: number;
  note: string;
}

/** More of one dish than this in one go is a matter for the staff. */
export const mostOfOne = 20;
/** Characters a guest may write to one dish; the device takes no more. */
export const longestNote = 200;

/** An item while the guest decides: the state behind the item sheet. */
export class Choice {
  readonly item: Item;
  readonly groups: ModifierGroup[];
  variant = $state<string | undefined>();
  counts = $state.raw<Counts>({});
  quantity = $state(1);
  note = $state("");
  readonly #carte: Carte;
  readonly #at: () => number;

  /** `from` is a line of the cart to be changed; `at` gives the device's time (Unix ms). */
  constructor(carte: Carte, item: Item, at: () => number, from?: Chosen) {
    this.#carte = carte;
    this.#at = at;
    this.item = item;
    this.groups = carte.groups(item);
    const variants = (item.variants ?? []).filter((v) => carte.variant(item, v.id, at()).can);
    const kept = variants.find((v) => v.id === from?.variant);
    this.variant = (kept ?? (variants.length === 1 || item.variants?.length ? variants[0] : undefined))?.id;
    this.quantity = from?.quantity ?? 1;
    this.note = from?.note ?? "";
    this.counts = this.#known(from?.modifiers ?? {});
  }

  /** The price of one, as far as it is chosen. */
  get unit(): number {
    return unitPrice(this.item, this.groups, { variant: this.variant, modifiers: this.counts });
  }

  get total(): number {
    return this.unit * this.quantity;
  }

  /** The most that can be taken now. */
  get most(): number {
    const stock = this.#carte.most(
      { item: this.item.id, variant: this.variant, modifiers: this.counts },
      this.#at(),
    );
    return Math.min(mostOfOne, this.item.max_per_order || mostOfOne, stock);
  }

  /** The groups in which the guest still has to choose. */
  get missing(): ModifierGroup[] {
    return this.groups.filter((g) => taken(g, this.counts) < g.min);
  }

  get ready(): boolean {
    const sized = !this.item.variants?.length || this.variant !== undefined;
    return sized && this.missing.length === 0 && this.quantity >= 1 && this.quantity <= this.most;
  }

  count(modifier: Modifier): number {
    return this.counts[modifier.id] ?? 0;
  }

  /** True when exactly one must be taken: the choices behave like radio buttons. */
  single(group: ModifierGroup): boolean {
    return group.max === 1 && group.min === 1;
  }

  /** True when one more of the group can be taken. */
  room(group: ModifierGroup): boolean {
    return taken(group, this.counts) < group.max;
  }

  /** Takes the modifier, or leaves it if it was taken; a group of one changes over. */
  toggle(group: ModifierGroup, modifier: Modifier): void {
    if (group.max === 1) {
      const on = this.count(modifier) > 0 && group.min === 0;
      const rest = Object.entries(this.counts).filter(([id]) => !group.modifiers.some((m) => m.id === id));
      this.counts = { ...Object.fromEntries(rest), ...(on ? {} : { [modifier.id]: 1 }) };
      return;
    }
    this.set(group, modifier, this.count(modifier) > 0 ? 0 : 1);
  }

  /** Takes n of the modifier, as far as the group allows. */
  set(group: ModifierGroup, modifier: Modifier, n: number): void {
    const others = taken(group, this.counts) - this.count(modifier);
    const limit = Math.min(group.max - others, group.repeat ? group.max : 1);
    const counts = { ...this.counts, [modifier.id]: Math.max(0, Math.min(n, limit)) };
    if (counts[modifier.id] === 0) delete counts[modifier.id];
    this.counts = counts;
  }

  more(by: number): void {
    this.quantity = Math.max(1, Math.min(this.quantity + by, Math.max(1, this.most)));
  }

  /** The line as it goes into the cart. */
  take(): Chosen {
    const chosen: Chosen = {
      item: this.item.id,
      modifiers: { ...this.counts },
      quantity: this.quantity,
      note: this.note.trim().slice(0, longestNote),
    };
    if (this.variant) chosen.variant = this.variant;
    return chosen;
  }

  /** Of an older choice, what can still be had. */
  #known(counts: Counts): Counts {
    const kept: Counts = {};
    for (const group of this.groups)
      for (const m of group.modifiers) {
        const n = counts[m.id] ?? 0;
        if (n > 0 && this.#carte.modifier(m, this.#at()).can) kept[m.id] = group.repeat ? n : 1;
      }
    return kept;
  }
}
