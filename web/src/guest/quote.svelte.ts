import type { GuestQuote } from "../lib/types";

/** How long a change of the cart settles before it is asked for, and how old an answer may grow. */
export const settles = 400;
export const renewed = 30_000;

/** A range of whole minutes. */
export interface Minutes {
  from: number;
  to: number;
}

/**
 * How long what is in the cart would take. It is asked for when the dishes change and now and then; while nobody answers
 * the last word stays, because a missing time is no reason not to order.
 */
export class Quote {
  minutes = $state.raw<Minutes | undefined>();
  readonly #ask: (items: string[]) => Promise<GuestQuote>;
  #wanted = "";
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(ask: (items: string[]) => Promise<GuestQuote>) {
    this.#ask = ask;
  }

  /** Asks for these dishes, soon and from now on. */
  want(items: string[]): void {
    const wanted = [...new Set(items)].sort().join(" ");
    if (wanted === this.#wanted) return;
    const first = this.#wanted === "";
    this.#wanted = wanted;
    clearTimeout(this.#timer);
    if (wanted === "") this.minutes = undefined;
    else this.#timer = setTimeout(() => void this.#fetch(wanted), first ? 0 : settles);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#wanted = "";
  }

  async #fetch(wanted: string): Promise<void> {
    try {
      const answer = await this.#ask(wanted.split(" "));
      if (this.#wanted === wanted) this.minutes = inMinutes(answer);
    } catch {
      // The last word stays.
    }
    if (this.#wanted === wanted) this.#timer = setTimeout(() => void this.#fetch(wanted), renewed);
  }
}

/** A quote as people say it: up to half an hour by the minute, then by five. */
function inMinutes(quote: GuestQuote): Minutes | undefined {
  if (quote.to_seconds <= 0) return undefined;
  const step = quote.to_seconds > 1800 ? 5 : 1;
  const to = Math.ceil(quote.to_seconds / 60 / step) * step;
  return { from: Math.max(step, Math.floor(quote.from_seconds / 60 / step) * step), to };
}
