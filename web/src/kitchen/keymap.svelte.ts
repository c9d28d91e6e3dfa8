import { forget, recall, remember } from "../lib/storage";
import { codeOf, functions, usualKeys, type Key, type KeyCodes, type KeyFunction } from "./keys";

const remembered = "comanda.kitchen.keys";

/** A key that was pressed for one function and has another one already. */
export interface Conflict {
  code: string;
  has: KeyFunction;
  wants: KeyFunction;
}

/** The keys of this one screen, learnt by pressing them and remembered in its browser. */
export class KeyMap {
  codes = $state.raw<KeyCodes>(usualKeys);
  /** The function that waits for its key. */
  learning = $state<KeyFunction>();
  /** The key that was pressed for it, when it is taken. */
  conflict = $state.raw<Conflict>();

  /** Whether anything differs from the usual keys. */
  changed = $derived(this.codes !== usualKeys);

  constructor() {
    const kept = recall<unknown>(remembered);
    if (typeof kept !== "object" || kept === null) return;
    const known = Object.entries(kept).filter(([, f]) => functions.includes(f as KeyFunction));
    if (known.length > 0) this.codes = Object.fromEntries(known) as KeyCodes;
  }

  /** The keys of a function. */
  of(name: KeyFunction): string[] {
    return Object.keys(this.codes).filter((code) => this.codes[code] === name);
  }

  /** The functions that no key does. */
  missing = $derived(functions.filter((f) => !Object.values(this.codes).includes(f)));

  /** Waits for the key of a function; undefined waits no more. */
  learn(name: KeyFunction | undefined): void {
    this.learning = name;
    this.conflict = undefined;
  }

  /** Takes a key press while learning. It says whether there was anything to learn. */
  press(key: Key): boolean {
    const name = this.learning;
    if (!name || this.conflict) return false;
    const code = codeOf(key);
    const has = this.codes[code];
    if (has && has !== name) this.conflict = { code, has, wants: name };
    else this.#give(code, name);
    return true;
  }

  /** Answers a conflict: the key changes its function, or all stays as it was. */
  resolve(take: boolean): void {
    const conflict = this.conflict;
    if (!conflict) return;
    if (take) this.#give(conflict.code, conflict.wants);
    else this.learn(undefined);
  }

  /** Goes back to the usual keys. */
  reset(): void {
    this.codes = usualKeys;
    this.learn(undefined);
    forget(remembered);
  }

  // What was learnt before under the same function goes: a bump bar sends one code for each of its keys. The usual
  // keys stay beside it, so that a keyboard plugged in for the set-up keeps working.
  #give(code: string, name: KeyFunction): void {
    const kept = Object.entries(this.codes).filter(([c, f]) => f !== name || usualKeys[c] === name);
    this.codes = { ...Object.fromEntries(kept), [code]: name };
    this.learn(undefined);
    remember(remembered, this.codes);
  }
}
