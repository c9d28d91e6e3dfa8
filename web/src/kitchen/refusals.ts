import { say } from "../lib/words/kitchen";

// The device's own words are in its language; what happens often is said in the screen's.
const known = [
  ...([
    "ticket_done",
    "ticket_started",
    "ticket_served",
    "ticket_voided",
    "not_found",
    "not_cooked",
  ] as const),
  ...(["order_unknown", "item_unknown", "order_over", "order_accepted", "order_not_cooked"] as const),
  ...(["session_closed", "channel_unknown", "quantity_invalid", "ordering_paused", "until_past"] as const),
] as const;

/** Why the device did not do what was pressed, in the screen's language as far as it has words for it. Reactive. */
export function refusalText(code: string, message: string): string {
  const found = known.find((k) => k === code);
  if (found) return say(`refused.${found}`);
  if (/^(disk|store)_/.test(code)) return say("refused.disk");
  return /^(timeout|internal)$/.test(code) ? say("refused.again") : message;
}
