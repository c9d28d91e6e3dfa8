// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Socket } from "../lib/live.svelte";
import { forget } from "../lib/storage";
import { at, order, picture, ticket } from "./sample";
import { Screen, type Refusal } from "./screen.svelte";
import type { Sound } from "./sounds.svelte";
import type { StationLoad } from "./wire";

const device = { id: "d", name: "Pass", role: "kitchen", paired: at(0) };
const snapshot = (more: Parameters<typeof picture>[0]) => ({
  type: "snapshot",
  now: at(30),
  device,
  ...picture(more),
});
const station = (id: string, more: Partial<StationLoad> = {}): StationLoad => ({
  ...{ id, screens: 1, open: 0, held: 0, late: 0, unseen: 0, quote: { from_seconds: 0, to_seconds: 0 } },
  ...more,
});
const load = (...stations: StationLoad[]) => ({
  type: "load",
  now: at(30),
  quote: { from_seconds: 900, to_seconds: 1500 },
  stations,
});

describe("a screen of a house with courses", () => {
  let sent: Record<string, unknown>[];
  let say: (message: object) => void;
  let screen: Screen;
  let played: Sound[];
  let refusals: Refusal[];

  beforeEach(async () => {
    vi.useFakeTimers();
    for (const name of ["presses", "picture", "prefs"]) forget(`comanda.kitchen.${name}`);
    sent = [];
    played = [];
    refusals = [];
    const open = () => {
      const socket: Socket = {
        readyState: 1,
        onopen: null,
        onmessage: null,
        onclose: null,
        send: (text) => void sent.push(JSON.parse(text) as Record<string, unknown>),
        close: () => {},
      };
      say = (message) => socket.onmessage?.({ data: JSON.stringify(message) } as MessageEvent);
      queueMicrotask(() => socket.onopen?.({} as Event));
      return socket;
    };
    screen = new Screen(
      "key",
      () => {},
      (r) => refusals.push(r),
      open,
    );
    screen.sounds.play = (sound) => void played.push(sound);
    screen.start();
    await vi.advanceTimersByTimeAsync(0);
    say(snapshot({}));
  });
  afterEach(() => {
    screen.stop();
    vi.useRealTimers();
  });

  /** Lets so many seconds pass on a line that is alive. */
  const ticking = async (seconds: number) => {
    for (let s = 0; s < seconds; s += 2) {
      await vi.advanceTimersByTimeAsync(2000);
      say({ type: "tick", now: at(30), seq: screen.board.seq });
    }
  };

  it("becomes the pass by asking for everything as the pass, and a station's again", async () => {
    screen.prefs.set({ stations: ["grill"] });
    screen.setExpo(true);
    await vi.advanceTimersByTimeAsync(0);
    expect(sent.at(-1)).toEqual({ type: "hello", token: "key", expo: true });
    screen.setExpo(false);
    await vi.advanceTimersByTimeAsync(0);
    expect(sent.at(-1)).toEqual({ type: "hello", token: "key" });
  });

  it("does not say at the pass that a ticket was seen, unless somebody tells the station", () => {
    const unseen = ticket("a", 1, { unseen: at(2) });
    say({
      type: "change",
      seq: 2,
      now: at(30),
      tickets: [unseen, ticket("b", 1, { station: "bar", unseen: at(2) })],
    });
    screen.prefs.set({ expo: true });
    screen.saw(["a"]);
    expect(sent.some((m) => m.type === "seen")).toBe(false);
    screen.vouch("grill");
    expect(sent.at(-1)).toEqual({ type: "seen", tickets: ["a"] });
  });

  it("takes on a station whose screens are gone, and says so until then", async () => {
    screen.prefs.set({ stations: ["bar"] });
    say(load(station("bar", { unseen: 1 }), station("grill", { unseen: 2, screens: 0 })));
    expect(screen.abandoned.map((s) => s.id)).toEqual(["grill"]);
    await ticking(8);
    expect(played).toEqual(["unseen"]);
    await ticking(6);
    expect(played).toEqual(["unseen", "unseen"]);
    screen.takeOn("grill");
    await vi.advanceTimersByTimeAsync(0);
    expect(screen.abandoned).toEqual([]);
    expect(sent.at(-1)).toMatchObject({ type: "hello", stations: ["bar", "grill"] });
  });

  it("says so when the last screen of a station with work goes away for good", async () => {
    screen.prefs.set({ stations: ["bar"] });
    say(load(station("bar"), station("grill", { open: 3, screens: 1 })));
    say(load(station("bar"), station("grill", { open: 3, screens: 0 })));
    await ticking(8);
    expect(screen.abandoned).toEqual([]);
    await ticking(4);
    expect(screen.abandoned.map((s) => s.id)).toEqual(["grill"]);
    say(load(station("bar"), station("grill", { open: 3, screens: 1 })));
    expect(screen.abandoned).toEqual([]);
  });

  it("takes over when the business day ends", () => {
    say({ ...load(station("bar")), day_ends: at(90_000) });
    expect(screen.board.venue?.day_ends).toBe(at(90_000));
  });

  it("rings for a ticket when it is fired, like for a new one, and again", async () => {
    const held = ticket("a", 1, { state: "held" });
    say({ type: "change", seq: 2, now: at(30), tickets: [held] });
    expect(played).toEqual([]);
    say({ type: "change", seq: 3, now: at(30), tickets: [{ ...held, state: "new", fired: at(30) }] });
    expect(played).toEqual(["new"]);
    await ticking(8);
    expect(played.filter((s) => s === "new")).toHaveLength(2);
  });

  it("tells at the pass that an order is complete", async () => {
    screen.prefs.set({ expo: true });
    screen.board.expo = true;
    const o = order("o", 1, { state: "preparing", tickets: ["a"] });
    say({ type: "change", seq: 2, now: at(30), orders: [o], tickets: [ticket("a", 1, { order: "o" })] });
    await vi.advanceTimersByTimeAsync(1000);
    expect(played).toEqual(["new"]);
    const done = ticket("a", 1, { order: "o", state: "done", done: at(30) });
    say({ type: "change", seq: 3, now: at(30), orders: [{ ...o, state: "ready" }], tickets: [done] });
    await vi.advanceTimersByTimeAsync(1000);
    expect(played).toEqual(["new", "ready"]);
  });

  it("sends presses without what is only its own, and repeats them when the device could not write", async () => {
    say({ type: "change", seq: 2, now: at(30), tickets: [ticket("a", 1)] });
    screen.desk.rush("a");
    const press = sent.at(-1)!;
    expect(press).toEqual({ type: "rush", key: expect.any(String), ticket: "a" });
    say({ type: "refused", key: press.key, code: "disk_full", message: "The disk is full." });
    expect(refusals.map((r) => r.code)).toEqual(["disk_full"]);
    say({ type: "refused", key: press.key, code: "too_often", message: "Wait." });
    expect(refusals, "waiting is nobody's business").toHaveLength(1);
    expect(screen.desk.ticket("a")?.rush, "it will be done").toBeDefined();
    await ticking(6);
    expect(sent.filter((m) => m.key === press.key)).toHaveLength(2);
    say({ type: "refused", key: press.key, code: "ticket_voided", message: "Cancelled." });
    expect(refusals.map((r) => r.code)).toEqual(["disk_full", "ticket_voided"]);
    expect(screen.desk.ticket("a")?.rush).toBeUndefined();
  });

  it("keeps a picture of held tickets, orders and brakes for the next start", async () => {
    say({
      type: "change",
      seq: 2,
      now: at(30),
      tickets: [ticket("a", 1, { state: "held" })],
      paces: [{ channel: "all", state: "paused" }],
    });
    screen.stop();
    dispatchPicture(screen);
    const again = new Screen(
      "key",
      () => {},
      () => {},
      () => {
        throw new Error("no line");
      },
    );
    expect(again.desk.held.map((t) => t.id)).toEqual(["a"]);
    expect(again.brake.active.map((p) => p.channel)).toEqual(["all"]);
    again.stop();
  });
});

/** What the browser does when the page goes away. */
function dispatchPicture(screen: Screen): void {
  screen.start();
  dispatchEvent(new Event("pagehide"));
  screen.stop();
}
