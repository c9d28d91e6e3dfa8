import { recall, remember } from "../lib/storage";
import type { Arrival } from "./arrival";
import type { Visit } from "./visit.svelte";

const name = "comanda.channel";

/** The question in which messenger to go on; "web" is this page. */
export interface ChannelChoice {
  /** True while the question stands. */
  readonly open: boolean;
  /** What was chosen on this phone before, if anything. */
  readonly last: string | undefined;
  readonly links: { channel: string; label: string; url: string }[];
  choose(channel: string): void;
}

/**
 * Asks once where to go on. Who came out of a messenger, or chose this page before, is not asked; who chose a
 * messenger before sees it on top, because only a press may open another app.
 */
export function chooser(visit: Pick<Visit, "view">, arrival: Arrival): ChannelChoice {
  const last = recall<string>(name);
  let answered = $state(last === "web" || !!arrival.key || !!arrival.initData);
  return {
    get open() {
      const view = visit.view;
      if (answered || !view || view.links.length === 0 || view.orders.length > 0) return false;
      return !view.guest.channel || view.guest.channel === "web";
    },
    last,
    get links() {
      const links = visit.view?.links ?? [];
      return [...links].sort((a, b) => Number(b.channel === last) - Number(a.channel === last));
    },
    choose(channel) {
      remember(name, channel);
      if (channel === "web") answered = true;
    },
  };
}
