import { say } from "../lib/words/kitchen";
import type { Quote } from "./wire";

/** What guests are told to wait, in minutes. Reactive. */
export function quoteText(quote: Quote, key: "load.told" | "load.short"): string {
  const [from, to] = [quote.from_seconds, quote.to_seconds].map((s) => Math.ceil(s / 60));
  return from === to ? say(`${key}One`, { to: to! }) : say(key, { from: from!, to: to! });
}
