import { command, type Command, type Key } from "./keys";
import { KeyMap } from "./keymap.svelte";

/** How long a question that one key asks waits for Enter, and how quickly 8 must follow 8, in milliseconds. */
const asksFor = 5000;
const twiceWithin = 2000;

/** Keyboard turns keys into commands: by the learnt map, and with the one question that a key can ask. */
export class Keyboard {
  readonly map = new KeyMap();
  /** Whether the sold-out list was asked for by 8 and waits for Enter. */
  asksStock = $state(false);

  #eightAt = -Infinity;
  #asks: ReturnType<typeof setTimeout> | undefined;

  /**
   * The command of a key press at `now` (ms of a steady clock), with `shown` pieces on the page. On bump bars without a
   * key for the sold-out list 8 asks for it: where there is no eighth ticket, or pressed twice. Enter answers yes.
   */
  command(key: Key, shown: number, now: number): Command | undefined {
    const found = command(key, this.map.codes);
    if (this.asksStock && found) {
      this.#ask(false);
      if (found.do === "bump") return { do: "stock" };
      if (found.do === "escape" || found.do === "recall-last") return undefined;
    }
    if (found?.do === "select" && found.position === 7) {
      const twice = now - this.#eightAt < twiceWithin;
      this.#eightAt = now;
      if (twice || shown < 8) this.#ask(true);
    } else if (found) {
      this.#eightAt = -Infinity;
    }
    return found;
  }

  #ask(asks: boolean): void {
    clearTimeout(this.#asks);
    this.asksStock = asks;
    if (asks) this.#asks = setTimeout(() => (this.asksStock = false), asksFor);
  }

  /** Forgets an open question. */
  stop(): void {
    this.#ask(false);
  }
}
