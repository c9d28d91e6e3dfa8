import { clock } from "../lib/time.svelte";
import type { Item } from "../lib/types";
import { language } from "../lib/words.svelte";
import type { Availability } from "./carte.svelte";
import { allergens, type Warning } from "./filter.svelte";
import { say } from "./words";

/** Why something cannot be had now, in the guest's language. */
export function whyNot(available: Availability & { can: false }): string {
  if (available.why === "sold_out") {
    if (!available.until) return say("item.sold_out");
    return say("item.sold_out.until", { time: clock(available.until, language.tag) });
  }
  if (available.hours.length === 0) return say("item.closed");
  const hours = available.hours.map((w) => `${w.from}–${w.to}`);
  return say("item.closed.hours", { hours: [...new Set(hours)].join(", ") });
}

/** Names of allergens in the order of the Annex, joined as the language does. */
export function named(list: readonly string[] | undefined): string {
  const names = allergens.filter((a) => list?.includes(a)).map((a) => say(`allergen.${a}`));
  return new Intl.ListFormat(language.spoken, { type: "conjunction" }).format(names);
}

/** What the house says about an item's allergens; it never says that there are none. */
export function allergenLines(item: Item): { text: string; tone: "plain" | Warning }[] {
  const lines: { text: string; tone: "plain" | Warning }[] = [];
  if (item.allergens?.length)
    lines.push({ text: say("sheet.contains", { list: named(item.allergens) }), tone: "plain" });
  if (item.may_contain?.length)
    lines.push({ text: say("sheet.traces", { list: named(item.may_contain) }), tone: "plain" });
  if (!item.allergens_known) lines.push({ text: say("sheet.unknown"), tone: "unknown" });
  else if (lines.length === 0) lines.push({ text: say("sheet.nothing_listed"), tone: "nothing listed" });
  return lines;
}
