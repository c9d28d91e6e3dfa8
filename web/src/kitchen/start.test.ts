import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Socket } from "../lib/live.svelte";
import { forget, remember } from "../lib/storage";
import { picture, ticket } from "./sample";
import { Screen } from "./screen.svelte";
import { when } from "./when";

const kept = "comanda.kitchen.picture";
const now = "2026-11-20T18:30:00.000Z";
const minute = 60_000;

describe("the start of a screen", () => {
  let screen: Screen;
  let socket: Socket;

  const start = () => {
    screen = new Screen(
      "key",
      () => {},
      () => {},
      () => (socket = { readyState: 0, onopen: null, onmessage: null, onclose: null, send() {}, close() {} }),
    );
    screen.start();
  };
  const answer = (told = now) => {
    const device = { id: "d", name: "Grill", role: "kitchen", paired: now };
    const message = { type: "snapshot", now: told, device, ...picture({}) };
    socket.onmessage?.({ data: JSON.stringify(message) } as MessageEvent);
  };

  beforeEach(() => {
    vi.useFakeTimers({ now: new Date(now) });
    vi.stubGlobal("addEventListener", () => {});
    vi.stubGlobal("removeEventListener", () => {});
    forget(kept);
  });
  afterEach(() => {
    screen.stop();
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  it("with the picture of the last time is stale at once, since that time", () => {
    remember(kept, { at: Date.now() - 12_000, picture: picture({ tickets: [ticket("a", 1)] }) });
    start();
    expect([screen.stale, screen.since]).toEqual([true, Date.now() - 12_000]);
    expect(screen.desk.tickets).toHaveLength(1);
    answer();
    expect([screen.stale, screen.desk.tickets.length]).toEqual([false, 0]);
  });

  it("tells the device's time, whatever this screen's own clock says", () => {
    start();
    answer("2026-11-20T17:00:00.000Z");
    vi.advanceTimersByTime(7000);
    expect([screen.stale, new Date(screen.since).toISOString()]).toEqual([true, "2026-11-20T17:00:00.000Z"]);
    screen.stop();
    start();
    expect(screen.stale).toBe(true);
    expect(new Date(screen.since).toISOString(), "also the next time").toBe("2026-11-20T17:00:00.000Z");
  });

  it("with no picture waits a moment before it says so", () => {
    start();
    vi.advanceTimersByTime(600);
    expect(screen.stale).toBe(false);
    vi.advanceTimersByTime(500);
    expect(screen.stale).toBe(true);
    answer();
    expect(screen.stale).toBe(false);
  });

  it("covers a picture that is as old as an outage that is covered", () => {
    remember(kept, { at: Date.now() - 10 * minute, picture: picture({}) });
    start();
    expect(screen.old, "not before the device had its chance").toBe(false);
    vi.advanceTimersByTime(500);
    expect(screen.old).toBe(true);
    answer();
    vi.advanceTimersByTime(500);
    expect(screen.old).toBe(false);
  });

  it("gives a young picture the rest of its half minute, also after the wall clock went back", () => {
    remember(kept, { at: Date.now() - 20_000, picture: picture({}) });
    start();
    vi.advanceTimersByTime(9000);
    expect(screen.old).toBe(false);
    vi.advanceTimersByTime(2000);
    expect(screen.old).toBe(true);
    screen.stop();
    remember(kept, { at: Date.now() + 10 * minute, picture: picture({}) });
    start();
    vi.advanceTimersByTime(29_000);
    expect(screen.old).toBe(false);
  });
});

describe("when a picture was taken", () => {
  const at = new Date(2026, 10, 20, 19, 3, 11).getTime();

  it("is told to the second, and with the day when that is another one", () => {
    expect(when(at, "en-GB", at + minute)).toBe("19:03:11");
    expect(when(at, "en-GB", at + 24 * 60 * minute)).toMatch(/^Fri,? 20\/11, 19:03:11$/);
    expect(when(at, "de-DE", at + 24 * 60 * minute)).toBe("Fr., 20.11., 19:03:11");
  });
});
