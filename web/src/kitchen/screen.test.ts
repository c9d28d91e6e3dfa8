import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Socket } from "../lib/live.svelte";
import { forget } from "../lib/storage";
import { picture, ticket } from "./sample";
import { Screen, type Refusal } from "./screen.svelte";

class Line {
  sockets: (Socket & { sent: Record<string, unknown>[]; say: (message: object) => void })[] = [];

  open = () => {
    const sent: Record<string, unknown>[] = [];
    const socket = {
      sent,
      readyState: 1,
      onopen: null,
      onmessage: null,
      onclose: null,
      send: (text: string) => void sent.push(JSON.parse(text)),
      close: () => {},
      say: (message: object) => socket.onmessage?.({ data: JSON.stringify(message) } as MessageEvent),
    } as Line["sockets"][number];
    this.sockets.push(socket);
    queueMicrotask(() => socket.onopen?.call(undefined as never, undefined as never));
    return socket;
  };

  get last() {
    return this.sockets.at(-1)!;
  }
}

const now = "2026-11-20T18:30:00.000Z";
const device = { id: "d", name: "Grill", role: "kitchen", paired: now };
const snapshot = (more: Parameters<typeof picture>[0]) => ({
  type: "snapshot",
  now,
  device,
  ...picture(more),
});
const remembered = ["comanda.kitchen.presses", "comanda.kitchen.picture", "comanda.kitchen.prefs"];

describe("screen", () => {
  let line: Line;
  let screen: Screen;
  let refusals: Refusal[];
  let removed: number;

  beforeEach(async () => {
    vi.useFakeTimers();
    remembered.forEach(forget);
    line = new Line();
    refusals = [];
    removed = 0;
    screen = new Screen(
      "key",
      () => removed++,
      (r) => refusals.push(r),
      line.open,
    );
    screen.live.start();
    await vi.advanceTimersByTimeAsync(0);
  });
  afterEach(() => {
    screen.live.stop();
    vi.useRealTimers();
  });

  const drop = async (code = 1006) => {
    line.last.onclose?.({ code, reason: "" } as CloseEvent);
    await vi.advanceTimersByTimeAsync(1000);
  };

  it("asks for everything first and for what it missed after a break", async () => {
    expect(line.last.sent).toEqual([{ type: "hello", token: "key" }]);
    line.last.say(snapshot({ seq: 7 }));
    line.last.say({ type: "change", seq: 9, now, tickets: [ticket("a", 1)] });
    await drop();
    expect(line.sockets).toHaveLength(2);
    expect(line.last.sent).toEqual([{ type: "hello", token: "key", since: 9, epoch: "run" }]);
    line.last.say({
      type: "changes",
      from: 9,
      seq: 10,
      epoch: "run",
      now,
      tickets: [ticket("b", 2)],
      orders: [],
      stock: [],
    });
    expect(screen.desk.tickets.map((t) => t.id)).toEqual(["a", "b"]);
  });

  it("asks for everything again when it is told to redraw or shows other stations", async () => {
    line.last.say(snapshot({ seq: 7 }));
    screen.toggleStation("bar");
    await vi.advanceTimersByTimeAsync(0);
    expect(line.last.sent).toEqual([{ type: "hello", token: "key", stations: ["bar"] }]);
  });

  it("is stale after five seconds without a frame, and not before", async () => {
    line.last.say(snapshot({}));
    await vi.advanceTimersByTimeAsync(4400);
    expect(screen.stale).toBe(false);
    await vi.advanceTimersByTimeAsync(1200);
    expect(screen.stale).toBe(true);
    line.last.say({ type: "tick", now, seq: 1 });
    expect(screen.stale).toBe(false);
  });

  it("covers the old tickets half a minute later, until the line is back", async () => {
    vi.stubGlobal("addEventListener", () => {});
    vi.stubGlobal("removeEventListener", () => {});
    screen.start();
    line.last.say(snapshot({ tickets: [ticket("a", 1)] }));
    await vi.advanceTimersByTimeAsync(5000 + 29_000);
    expect([screen.stale, screen.old]).toEqual([true, false]);
    await vi.advanceTimersByTimeAsync(2500);
    expect(screen.old).toBe(true);
    screen.live.redo();
    await vi.advanceTimersByTimeAsync(0);
    line.last.say(snapshot({ tickets: [ticket("a", 1)] }));
    await vi.advanceTimersByTimeAsync(500);
    expect([screen.stale, screen.old]).toEqual([false, false]);
    screen.stop();
    vi.unstubAllGlobals();
  });

  it("keeps presses of an outage and sends them with their keys after the next picture", async () => {
    line.last.say(snapshot({ tickets: [ticket("a", 1)] }));
    screen.desk.tap("a", 0);
    const [press] = line.last.sent.slice(1);
    await drop();
    screen.desk.undo("a");
    expect(line.last.sent).toHaveLength(1);
    line.last.say(snapshot({ seq: 3, tickets: [ticket("a", 1)] }));
    expect(line.last.sent[1]).toEqual(press);
    expect(line.last.sent[2]).toMatchObject({ type: "recall", ticket: "a", key: expect.any(String) });
  });

  it("tells the one who pressed what was refused, and shows the truth again", () => {
    line.last.say(snapshot({ tickets: [ticket("a", 1)] }));
    screen.desk.start("a");
    const { key } = line.last.sent.at(-1)!;
    expect(screen.desk.ticket("a")?.state).toBe("started");
    line.last.say({ type: "refused", key, code: "ticket_voided", message: "The order was cancelled." });
    expect(refusals).toMatchObject([{ code: "ticket_voided" }]);
    expect(screen.desk.ticket("a")?.state).toBe("new");
  });

  it("says once what has been seen, and only on a live picture", async () => {
    screen.saw(["a"]);
    line.last.say(snapshot({ tickets: [ticket("a", 1), ticket("b", 2, { seen: now })] }));
    screen.saw(["a", "a", "b"]);
    screen.saw(["a"]);
    expect(line.last.sent.slice(1)).toEqual([{ type: "seen", tickets: ["a"] }]);
  });

  it("gives up its key only when the device does not know it any more", async () => {
    line.last.say(snapshot({ seq: 7, tickets: [ticket("a", 1)] }));
    screen.desk.start("a");
    await drop(4400);
    expect(removed).toBe(0);
    expect(screen.stale).toBe(true);
    await vi.advanceTimersByTimeAsync(5000);
    expect(line.last.sent).toEqual([{ type: "hello", token: "key" }]);
    expect(screen.presses.pending).toEqual([]);
    await drop(4403);
    expect(removed).toBe(1);
    expect(line.sockets).toHaveLength(2);
  });
});
