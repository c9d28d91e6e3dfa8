/** How long a touch of a dish is waited for, in milliseconds. */
export const waitsFor = 20_000;

/**
 * EightySix is the short way to "sold out": it is asked for once, then the next dish that is touched is marked. It ends
 * with that dish, with any other touch, and by itself: a dish that is ticked off must never be sold out by mistake.
 */
export class EightySix {
  /** Whether the next dish that is touched is sold out. */
  on = $state(false);
  #ends: ReturnType<typeof setTimeout> | undefined;

  start(): void {
    this.stop();
    this.on = true;
    this.#ends = setTimeout(() => (this.on = false), waitsFor);
  }

  stop(): void {
    clearTimeout(this.#ends);
    this.on = false;
  }
}
