import { channelName } from "../lib/channels";
import { say } from "../lib/words/kitchen";
import { allChannels } from "./brake.svelte";
import type { Pace } from "./wire";

/** What people call a channel, or all of them together. Reactive. */
export function channelText(channel: string): string {
  return channel === allChannels ? say("brake.all") : channelName(channel);
}

/** What a brake does, in words. Reactive. */
export function paceText(pace: Pace): string {
  const channel = channelText(pace.channel);
  if (pace.state === "paused") return say("brake.banner.paused", { channel });
  return say("brake.banner.slow", { channel, n: Math.round((pace.delay_seconds ?? 0) / 60) });
}
