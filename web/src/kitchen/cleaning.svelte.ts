/** How long the screen takes no touch while it is wiped, in seconds, and how long an early end may be confirmed. */
export const cleaningFor = 30;
const confirmFor = 3000;

/** Cleaning is the time in which the screen can be wiped: nothing that touches it does anything. */
export class Cleaning {
  /** Seconds that are left; 0 is not cleaning. */
  left = $state(0);
  /** The early end was asked for and waits for a second touch. */
  ending = $state(false);

  #until = 0;
  #timer: ReturnType<typeof setInterval> | undefined;
  #confirm: ReturnType<typeof setTimeout> | undefined;

  start(): void {
    this.stop();
    this.#until = performance.now() + cleaningFor * 1000;
    this.left = cleaningFor;
    this.#timer = setInterval(() => this.#tick(), 250);
  }

  /** Ends it at once. */
  stop(): void {
    clearInterval(this.#timer);
    clearTimeout(this.#confirm);
    this.left = 0;
    this.ending = false;
  }

  /** The first step of an early end: a wiping cloth touches this, but not the second in another place in time. */
  ask(): void {
    this.ending = true;
    clearTimeout(this.#confirm);
    this.#confirm = setTimeout(() => (this.ending = false), confirmFor);
  }

  #tick(): void {
    this.left = Math.max(0, Math.ceil((this.#until - performance.now()) / 1000));
    if (this.left === 0) this.stop();
  }
}
