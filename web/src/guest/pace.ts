import { clock, isSet } from "../lib/time.svelte";
import type { GuestView } from "../lib/types";
import { language } from "../lib/words.svelte";
import { say } from "./words";

/** What the kitchen's brake does to new orders at an instant; nobody tells when it ends by itself. */
export function paceAt(view: GuestView | undefined, now: number): "open" | "slow" | "paused" {
  if (!view?.pace) return "open";
  const { state, until } = view.pace;
  return isSet(until) && now >= Date.parse(until) ? "open" : state;
}

/** The brake in words for the guest; "" when the kitchen takes orders as always. */
export function paceText(view: GuestView | undefined, now: number): string {
  const state = paceAt(view, now);
  if (state === "open") return "";
  if (state === "slow") return say("banner.slow");
  const until = view!.pace.until;
  return isSet(until)
    ? say("banner.paused.until", { time: clock(until, language.tag) })
    : say("banner.paused");
}
