import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Live, type Message, type Socket } from "./live.svelte";

class FakeSocket implements Socket {
  static all: FakeSocket[] = [];
  readyState: 0 | 1 | 3 = 0;
  sent: { type: string; since?: number }[] = [];
  onopen: Socket["onopen"] = null;
  onmessage: Socket["onmessage"] = null;
  onclose: Socket["onclose"] = null;
  constructor() {
    FakeSocket.all.push(this);
  }
  send(text: string) {
    this.sent.push(JSON.parse(text));
  }
  close() {
    this.readyState = 3;
  }
  opens() {
    this.readyState = 1;
    this.onopen?.(new Event("open"));
  }
  says(message: object) {
    this.onmessage?.({ data: JSON.stringify(message) } as MessageEvent);
  }
  breaks(code = 1006) {
    this.readyState = 3;
    this.onclose?.({ code, reason: "" } as CloseEvent);
  }
}

const last = () => FakeSocket.all.at(-1)!;
let got: Message[];
let seq: number;
let live: Live<Message>;

beforeEach(() => {
  vi.useFakeTimers();
  FakeSocket.all = [];
  got = [];
  seq = 0;
  live = new Live<Message>({
    path: "/live",
    protocol: "comanda.test.v1",
    hello: () => ({ type: "hello", since: seq }),
    onmessage: (m) => {
      got.push(m);
      seq = m.seq ?? seq;
    },
    socket: () => new FakeSocket(),
    random: () => 1,
  }).start();
});

afterEach(() => {
  live.stop();
  vi.useRealTimers();
});

test("says hello first, then hands over messages but not ticks", () => {
  last().opens();
  last().says({ type: "snapshot", seq: 7 });
  last().says({ type: "tick", now: "2026-11-20T18:00:00.000Z" });
  expect(last().sent).toEqual([{ type: "hello", since: 0 }]);
  expect(got).toEqual([{ type: "snapshot", seq: 7 }]);
  expect(live.state).toBe("open");
});

test("resumes after a break with what it knows by then", () => {
  last().opens();
  last().says({ type: "snapshot", seq: 7 });
  last().breaks();
  expect(live.state).toBe("connecting");
  vi.advanceTimersByTime(250);
  expect(FakeSocket.all).toHaveLength(2);
  last().opens();
  expect(last().sent).toEqual([{ type: "hello", since: 7 }]);
});

test("waits longer after each failure, between 0.25 and 10 s", () => {
  const waits = [250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000];
  for (const [i, wait] of waits.entries()) {
    last().breaks();
    vi.advanceTimersByTime(wait - 1);
    expect(FakeSocket.all, `before try ${i + 2}`).toHaveLength(i + 1);
    vi.advanceTimersByTime(1);
    expect(FakeSocket.all, `try ${i + 2}`).toHaveLength(i + 2);
  }
});

test("turns stale five seconds after the last frame although the socket looks open", () => {
  last().opens();
  last().says({ type: "snapshot", seq: 1 });
  vi.advanceTimersByTime(4_500);
  expect(live.state).toBe("open");
  vi.advanceTimersByTime(1_000);
  expect(live.state).toBe("stale");
  last().says({ type: "tick" });
  expect(live.state).toBe("open");
});

test("gives up a socket that stays silent and makes another", () => {
  last().opens();
  last().says({ type: "snapshot", seq: 1 });
  vi.advanceTimersByTime(10_800);
  expect(FakeSocket.all).toHaveLength(2);
  expect(FakeSocket.all[0]!.readyState).toBe(3);
  expect(live.state).toBe("stale");
});

test("stops when the device refuses for good, not when it was only slow", () => {
  last().opens();
  last().breaks(4008);
  vi.advanceTimersByTime(250);
  expect(FakeSocket.all).toHaveLength(2);
  last().breaks(4401);
  vi.advanceTimersByTime(60_000);
  expect(FakeSocket.all).toHaveLength(2);
  expect(live.state).toBe("closed");
  expect(live.refusal).toBe(4401);
});

test("send tells whether the message went out", () => {
  expect(live.send({ type: "bump" })).toBe(false);
  last().opens();
  expect(live.send({ type: "bump" })).toBe(true);
  expect(last().sent.at(-1)).toEqual({ type: "bump" });
});

test("a frame that is not JSON changes nothing", () => {
  last().opens();
  last().onmessage?.({ data: "<html>" } as MessageEvent);
  expect(got).toEqual([]);
});
