import { isSet } from "../lib/time.svelte";
import { since } from "./fields";
import type { Ticket } from "./wire";

/** How often new tickets ring again until somebody touches the screen, in milliseconds. */
export const ringEvery = 5000;
/** How often what nobody sees is told again, and after how long it first is, in milliseconds. */
const unseenEvery = 10_000;
const unseenAfter = 20_000;

/** Ringing decides what is said again, because nobody has done anything about it yet. */
export class Ringing {
  #rung = new Set<string>();
  #rangAt = 0;
  #unseenAt = -Infinity;

  /** New tickets came and rang at `now` (ms of a steady clock). */
  came(ids: Iterable<string>, now: number): void {
    for (const id of ids) this.#rung.add(id);
    this.#rangAt = now;
  }

  /** Somebody is there: a finger or a key. */
  touched(): void {
    this.#rung.clear();
  }

  /** Whether new tickets that still nobody has touched should ring again now. */
  again(open: readonly Ticket[], now: number): boolean {
    const waiting = new Set(open.filter((t) => t.state === "new").map((t) => t.id));
    for (const id of this.#rung) if (!waiting.has(id)) this.#rung.delete(id);
    if (this.#rung.size === 0 || now - this.#rangAt < ringEvery) return false;
    this.#rangAt = now;
    return true;
  }

  /** Whether to say again that tickets of other stations are on no live screen. */
  abandoned(some: boolean, now: number): boolean {
    if (!some || now - this.#unseenAt < unseenEvery) return false;
    this.#unseenAt = now;
    return true;
  }

  /** Whether to say that a ticket has been on no screen for a while, at device time `at` (Unix ms). */
  unseen(open: readonly Ticket[], at: number, now: number): boolean {
    const missed = open.some((t) => !isSet(t.seen) && at - Date.parse(since(t)) > unseenAfter);
    if (!missed || now - this.#unseenAt < unseenEvery) return false;
    this.#unseenAt = now;
    return true;
  }
}
