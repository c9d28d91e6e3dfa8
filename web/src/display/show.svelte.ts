import type { components } from "../api";
import { Live } from "../lib/live.svelte";
import { unknownKey } from "../lib/pairing.svelte";
import { ServerClock } from "../lib/time.svelte";
import { spoken, type Spoken } from "../lib/words.svelte";

type Schemas = components["schemas"];
export type DisplayCode = Schemas["DisplayCode"];
type ServerMessage = Schemas["DisplayServerMessage"];
export type FlashKind = (typeof flashKinds)[number];
const flashKinds = ["ok", "unknown", "error", "badge", "noBadge"] as const;

/** What stands on the display. */
export type Face = "loading" | "stale" | "none" | "code";

/** A code this close to its end, in milliseconds, is hidden: scanning and loading take a moment. */
const margin = 1000;

/** What a display shows of the device's last word, at a time. A code that may be expired is never shown. */
export function faceOf(shown: DisplayCode | undefined, now: number, connected: boolean): Face {
  if (!connected) return "stale";
  if (!shown) return "loading";
  if (!shown.table || !shown.code) return "none";
  return now + margin >= Date.parse(shown.expires) ? "stale" : "code";
}

/** Whole seconds until the next code, never negative. */
export function secondsLeft(shown: DisplayCode, now: number): number {
  return Math.max(0, Math.ceil((Date.parse(shown.next) - now) / 1000));
}

/** The one or two languages a display speaks: the house's first ones among those our words exist in. */
export function tongues(languages: readonly string[]): Spoken[] {
  const bases = languages.map((tag) => tag.toLowerCase().split("-")[0]);
  const known = [...new Set(bases)].flatMap((base) => spoken.find((s) => s === base) ?? []);
  return known.length > 0 ? known.slice(0, 2) : ["en"];
}

/** The address to type: where the page is, without the code and without what browsers add themselves. */
export function addressOf(shown: Pick<DisplayCode, "url" | "code">): string {
  const bare = shown.url.replace(/^https?:\/\//, "");
  return bare.endsWith(shown.code) ? bare.slice(0, -shown.code.length) : bare;
}

/** Show is one display: its line to the device and what came over it last. */
export class Show {
  readonly clock = new ServerClock();
  readonly live: Live<ServerMessage>;
  shown = $state.raw<DisplayCode>();
  /** Grows with every new code; used to shift the picture a little against burn-in. */
  turns = $state(0);

  constructor(key: string, onremoved: () => void) {
    this.live = new Live<ServerMessage>({
      path: "/api/display/live",
      protocol: "comanda.display.v1",
      clock: this.clock,
      hello: () => ({ type: "hello", token: key }),
      onmessage: (message) => {
        if (message.type !== "show") return;
        if (message.code !== this.shown?.code) this.turns++;
        this.shown = message;
      },
      onrefused: (code) => {
        if (unknownKey(code)) onremoved();
      },
    });
  }

  face = $derived.by(() => {
    const connected = this.live.state === "open" || this.live.state === "connecting";
    return faceOf(this.shown, this.clock.now, connected);
  });
  left = $derived(this.shown ? secondsLeft(this.shown, this.clock.now) : 0);
  /** How much of the code's time is left, 1 → 0. */
  share = $derived(Math.min(1, this.left / Math.max(1, this.shown?.period_seconds ?? 1)));
  flash = $derived.by(() => {
    const flash = this.shown?.flash;
    return flash && Date.parse(flash.until) > this.clock.now ? flash : undefined;
  });
  flashKind: FlashKind = $derived.by(() => {
    const kind = this.flash?.kind;
    return flashKinds.find((known) => known === kind) ?? "error";
  });

  start(): void {
    this.clock.start();
    this.live.start();
  }

  stop(): void {
    this.live.stop();
    this.clock.stop();
  }
}
