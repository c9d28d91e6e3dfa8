import { clock, regional } from "../lib/time.svelte";

/** When a picture was taken (Unix ms), to the second; the day stands before it unless that is today. */
export function when(at: number, language: string, now = Date.now()): string {
  const time = clock(at, language, true);
  if (new Date(at).toDateString() === new Date(now).toDateString()) return time;
  const day = new Date(at).toLocaleDateString(regional(language), {
    weekday: "short",
    day: "numeric",
    month: "numeric",
  });
  return `${day}, ${time}`;
}
