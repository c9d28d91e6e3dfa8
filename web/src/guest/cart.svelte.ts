import { newKey } from "../lib/key";
import { recall, remember } from "../lib/storage";
import type { Difference, OrderLine } from "../lib/types";
import type { Carte } from "./carte.svelte";
import { mostOfOne, type Chosen } from "./choice.svelte";
import { taken, unitPrice } from "./price";

/** A line of the cart. `agreed` is a new unit price the guest has said yes to. */
export interface CartLine extends Chosen {
  id: string;
  agreed?: number;
}

/** What the guest has chosen and not ordered yet. It is kept on the phone for the session, through reloads. */
export class Cart {
  lines = $state.raw<CartLine[]>([]);
  readonly #carte: Carte;
  #name = "";

  constructor(carte: Carte) {
    this.#carte = carte;
  }

  /** Takes up the cart of a session; another session has another cart. */
  open(session: string): void {
    if (this.#name === `comanda.cart.${session}`) return;
    this.#name = `comanda.cart.${session}`;
    const kept = recall<CartLine[]>(this.#name);
    this.lines = Array.isArray(kept) ? kept.filter(isLine) : [];
  }

  get count(): number {
    return this.lines.reduce((sum, line) => sum + line.quantity, 0);
  }

  get sum(): number {
    return this.lines.reduce((sum, line) => sum + this.unit(line) * line.quantity, 0);
  }

  /** The price of one, as the guest has seen it. */
  unit(line: CartLine): number {
    if (line.agreed !== undefined) return line.agreed;
    const item = this.#carte.item(line.item);
    return item ? unitPrice(item, this.#carte.groups(item), line) : 0;
  }

  /** How many of an item are in the cart, in all its forms. */
  of(item: string): number {
    return this.lines.reduce((sum, line) => sum + (line.item === item ? line.quantity : 0), 0);
  }

  /** Adds a line, or adds to one that is the same in everything. */
  add(chosen: Chosen): void {
    const same = this.lines.find((line) => alike(line, chosen));
    if (same && same.quantity + chosen.quantity <= mostOfOne)
      this.setQuantity(same.id, same.quantity + chosen.quantity);
    else this.#keep([...this.lines, { ...chosen, id: newKey() }]);
  }

  /** Puts a changed choice in a line's place. */
  replace(id: string, chosen: Chosen): void {
    this.#keep(this.lines.map((line) => (line.id === id ? { ...chosen, id } : line)));
  }

  /** Zero takes the line away. */
  setQuantity(id: string, quantity: number): void {
    if (quantity < 1) this.#keep(this.lines.filter((line) => line.id !== id));
    else this.#keep(this.lines.map((line) => (line.id === id ? { ...line, quantity } : line)));
  }

  /** Puts back a line that was just taken away, where it was. */
  putBack(line: CartLine, index: number): void {
    if (this.lines.some((l) => l.id === line.id)) this.setQuantity(line.id, line.quantity);
    else this.#keep(this.lines.toSpliced(index, 0, line));
  }

  clear(): void {
    this.#keep([]);
  }

  /** The lines as the device wants them. */
  wanted(): OrderLine[] {
    return this.lines.map((line) => {
      const modifiers = Object.entries(line.modifiers).map(([id, quantity]) => ({ id, quantity }));
      const wanted: OrderLine = { item: line.item, quantity: line.quantity, unit: this.unit(line) };
      if (line.variant) wanted.variant = line.variant;
      if (modifiers.length > 0) wanted.modifiers = modifiers;
      if (line.note) wanted.note = line.note;
      return wanted;
    });
  }

  /** Makes the changes the guest has agreed to; lines that cannot be had in any form go. */
  settle(differences: Difference[], at: number): void {
    const lines = this.lines.map((line) => ({ ...line, modifiers: { ...line.modifiers } }));
    const gone = new Set<CartLine>();
    for (const difference of differences) {
      const line = lines[difference.line];
      if (line && !this.#adapt(line, difference, at)) gone.add(line);
    }
    this.#keep(lines.filter((line) => !gone.has(line)));
  }

  /** Adapts one line; false when nothing of it can be ordered. */
  #adapt(line: CartLine, difference: Difference, at: number): boolean {
    switch (difference.kind) {
      case "price_changed":
        line.agreed = difference.now ?? 0;
        return true;
      case "few_left": {
        const most = this.#carte.most(line, at);
        line.quantity = Math.min(line.quantity, most > 0 ? most : Infinity, difference.left ?? 0);
        return line.quantity > 0;
      }
      case "sold_out":
        return this.#dropMissing(line, at);
      default:
        return false;
    }
  }

  /** When only a modifier is sold out, the dish stays without it, if its groups allow. */
  #dropMissing(line: CartLine, at: number): boolean {
    const item = this.#carte.item(line.item);
    if (!item) return false;
    const groups = this.#carte.groups(item);
    const missing = groups.flatMap((g) => g.modifiers).filter((m) => !this.#carte.modifier(m, at).can);
    const dropped = missing.filter((m) => (line.modifiers[m.id] ?? 0) > 0);
    for (const m of dropped) delete line.modifiers[m.id];
    delete line.agreed;
    const whole = groups.every((g) => taken(g, line.modifiers) >= g.min);
    return dropped.length > 0 && whole && this.#carte.most(line, at) >= line.quantity;
  }

  #keep(lines: CartLine[]): void {
    this.lines = lines;
    if (this.#name) remember(this.#name, lines);
  }
}

function alike(a: CartLine, b: Chosen): boolean {
  return a.item === b.item && a.variant === b.variant && a.note === b.note && sameCounts(a, b);
}

function sameCounts(a: Chosen, b: Chosen): boolean {
  const ids = new Set([...Object.keys(a.modifiers), ...Object.keys(b.modifiers)]);
  return [...ids].every((id) => (a.modifiers[id] ?? 0) === (b.modifiers[id] ?? 0));
}

/** What was kept may come from an older page; a line that does not look like one is dropped. */
function isLine(line: CartLine): boolean {
  return (
    typeof line?.id === "string" &&
    typeof line.item === "string" &&
    Number.isInteger(line.quantity) &&
    line.quantity > 0 &&
    typeof line.modifiers === "object" &&
    line.modifiers !== null &&
    typeof line.note === "string"
  );
}
