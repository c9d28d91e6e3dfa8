/** Milliseconds that only ever grow, whatever happens to the wall clock. */
const steady = () => performance.now();

/**
 * The device's clock as far as this screen knows it. A screen's own clock may be wrong by hours, and the device's may
 * be set while we watch, so times are the device's last word plus what a steady counter says has passed since.
 */
export class ServerClock {
  /** The device's time in Unix ms; moves once a second while the clock runs. */
  now = $state(Date.now());
  #told = Date.now();
  #at = steady();
  #timer: ReturnType<typeof setInterval> | undefined;

  /** Takes the device's time from a message ("2026-11-20T18:30:00.000Z"). */
  sync(now: string): void {
    const told = Date.parse(now);
    if (Number.isNaN(told)) return;
    this.#told = told;
    this.#at = steady();
    this.#tick();
  }

  /** Starts moving; call stop when the screen goes away. */
  start(): this {
    this.#timer ??= setInterval(() => this.#tick(), 1000);
    return this;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Seconds since an instant of the device, never negative. Reactive. */
  age(instant: string): number {
    return Math.max(0, Math.floor((this.now - Date.parse(instant)) / 1000));
  }

  /** The device's time this very moment. Not reactive. */
  read(): number {
    return this.#told + (steady() - this.#at);
  }

  #tick(): void {
    this.now = this.read();
  }
}

/** Seconds as a timer: 65 → "1:05", 3700 → "1:01:40". */
export function timer(seconds: number): string {
  const two = (n: number) => String(n).padStart(2, "0");
  const h = Math.floor(seconds / 3600);
  const m = Math.floor(seconds / 60) % 60;
  const s = Math.floor(seconds % 60);
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** The time of day of an instant as people there write it: "18:30", "6:30 PM", or "18:30:05" with seconds. */
export function clock(instant: string | number | Date, language: string, seconds = false): string {
  const options: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit" };
  if (seconds) options.second = "2-digit";
  const place = regional(language);
  if (new Intl.DateTimeFormat(place, options).resolvedOptions().hour12) options.hour = "numeric";
  return new Date(instant).toLocaleTimeString(place, options);
}

/** A language alone does not say whether noon is followed by 1 or 13; the reader's own settings may. */
export function regional(language: string): string {
  const base = (tag: string) => tag.split("-")[0]!.toLowerCase();
  const own = typeof navigator === "undefined" ? [] : (navigator.languages ?? []);
  return language.includes("-") ? language : (own.find((tag) => base(tag) === base(language)) ?? language);
}

/** True for an instant the device has set; Go's zero time and missing fields are not. */
export function isSet(instant: string | undefined | null): instant is string {
  return !!instant && !instant.startsWith("0001-");
}
