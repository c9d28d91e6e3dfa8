import { say } from "../lib/words/kitchen";
import type { Quote } from "./wire";

/** What guests are told to wait, in minutes. Reactive. */
export function quoteText(quote: Quote, key: "load.told" | "load.short"): string {
  const minutes = (seconds: number) => Math.ceil(seconds / 60);
  return say(key, { from: minutes(quote.from_seconds), to: minutes(quote.to_seconds) });
}
