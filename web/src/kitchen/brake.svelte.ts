import { isSet, type ServerClock } from "../lib/time.svelte";
import type { Board } from "./board.svelte";
import type { Presses } from "./presses.svelte";
import type { Pace } from "./wire";

/** The name under which every channel is slowed down together. */
export const allChannels = "all";

/** By how many minutes new orders can be put off, and for how many minutes a brake can hold. */
export const delays: readonly number[] = [5, 10, 15, 20];
export const spans: readonly number[] = [15, 30, 60];

/** How long a brake holds: so many minutes, until the business day ends, or until somebody ends it. */
export type Span = number | "day" | "hand";

/** What is to be done about one channel, or all. */
export interface Braking {
  channel: string;
  /** Minutes by which new orders are put off; 0 takes none at all. */
  delay: number;
  span: Span;
}

/** Brake is how fast orders may come in: which channels are slowed down or paused, until when, and what changes that. */
export class Brake {
  #board: Board;
  #presses: Presses;
  #clock: Pick<ServerClock, "now" | "read">;

  constructor(board: Board, presses: Presses, clock: Pick<ServerClock, "now" | "read">) {
    this.#board = board;
    this.#presses = presses;
    this.#clock = clock;
  }

  /** What holds now, as it will be when every press has arrived: all channels first, paused ones before slow ones. */
  active = $derived.by(() =>
    this.#presses
      .paces(this.#board.paces)
      .filter((p) => p.state !== "open" && (!isSet(p.until) || Date.parse(p.until) > this.#clock.now))
      .sort((a, b) => rank(a) - rank(b) || a.channel.localeCompare(b.channel)),
  );

  /** Seconds until it ends by itself, undefined when somebody has to end it. Reactive. */
  left(pace: Pace): number | undefined {
    return isSet(pace.until)
      ? Math.max(0, Math.ceil((Date.parse(pace.until) - this.#clock.now) / 1000))
      : undefined;
  }

  /** Slows down or pauses. It returns what was before, to take it back. */
  set({ channel, delay, span }: Braking): Pace {
    const until = this.#until(span);
    const state = delay > 0 ? "slow" : "paused";
    return this.press({
      channel,
      state,
      ...(delay > 0 && { delay_seconds: delay * 60 }),
      ...(until && { until }),
    });
  }

  /** Lets a channel's orders in again. It returns what was before. */
  end(channel: string): Pace {
    return this.press({ channel, state: "open" });
  }

  /** Sets a pace as it is. It returns what was before. */
  press(pace: Pace): Pace {
    const before = this.active.find((p) => p.channel === pace.channel) ?? {
      channel: pace.channel,
      state: "open" as const,
    };
    this.#presses.press({ type: "pace", pace });
    return before;
  }

  #until(span: Span): string | undefined {
    if (span === "hand") return undefined;
    if (span === "day") {
      const ends = this.#board.venue?.day_ends;
      return isSet(ends) ? ends : undefined;
    }
    return new Date(this.#clock.read() + span * 60_000).toISOString();
  }
}

function rank(pace: Pace): number {
  return (pace.channel === allChannels ? 0 : 2) + (pace.state === "paused" ? 0 : 1);
}
