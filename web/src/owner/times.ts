import { say } from "../lib/words/owner";

/** A range of seconds in words: "8–12 min", "about 5 min". */
export function minutesText(range: { from_seconds: number; to_seconds: number }): string {
  const from = Math.max(1, Math.round(range.from_seconds / 60));
  const to = Math.max(from, Math.round(range.to_seconds / 60));
  return from === to ? say("minutes", { n: to }) : say("minutes.range", { from, to });
}
