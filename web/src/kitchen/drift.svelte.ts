/** The picture moves by so many pixels, one step every so many milliseconds. */
export const driftBy = 3;
export const driftEvery = 120_000;

const steps = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
  [-1, 1],
  [-1, 0],
  [-1, -1],
  [0, -1],
  [1, -1],
] as const;

/** Drift moves the whole picture a little now and then, so that bars that always stand there do not burn in. */
export class Drift {
  x = $state(0);
  y = $state(0);
  #step = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  start(): void {
    this.#timer ??= setInterval(() => this.#move(), driftEvery);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #move(): void {
    this.#step = (this.#step + 1) % steps.length;
    const [x, y] = steps[this.#step]!;
    this.x = x * driftBy;
    this.y = y * driftBy;
  }
}
