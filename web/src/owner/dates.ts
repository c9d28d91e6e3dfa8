import { regional } from "../lib/time.svelte";
import { language } from "../lib/words.svelte";

/** An instant with its day, short, as people of the page's language write it. Today's goes without the day. */
export function day(instant: string, now = new Date()): string {
  const at = new Date(instant);
  const today = at.toDateString() === now.toDateString();
  const time: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit" };
  const date: Intl.DateTimeFormatOptions = { day: "numeric", month: "short" };
  if (at.getFullYear() !== now.getFullYear()) date.year = "numeric";
  return at.toLocaleString(regional(language.tag), today ? time : { ...date, ...time });
}
