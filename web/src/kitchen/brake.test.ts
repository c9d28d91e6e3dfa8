import { describe, expect, it } from "vitest";
import { Board } from "./board.svelte";
import { Brake } from "./brake.svelte";
import { Finder } from "./finder.svelte";
import { Presses, type Press } from "./presses.svelte";
import { at, picture, ticket } from "./sample";
import type { Pace } from "./wire";

let made = 0;

function setup(paces: Pace[] = [], minute = 0) {
  const sent: Press[] = [];
  const board = new Board();
  const presses = new Presses(
    (p) => sent.push(p) > 0,
    () => `k${sent.length}`,
    `brake-${made++}`,
  );
  board.snapshot(picture({ paces, channels: ["telegram", "web"] }));
  const time = Date.parse(at(minute));
  const brake = new Brake(board, presses, { now: time, read: () => time });
  return { board, presses, brake, wishes: () => sent.map(({ key: _key, at: _at, ...wish }) => wish) };
}

describe("brake", () => {
  it("lists what holds, all channels first, and forgets what has ended", () => {
    const { brake } = setup(
      [
        { channel: "web", state: "slow", delay_seconds: 300, until: at(5) },
        { channel: "telegram", state: "paused" },
        { channel: "all", state: "slow", delay_seconds: 600, until: at(20) },
        { channel: "line", state: "open" },
      ],
      10,
    );
    expect(brake.active.map((p) => p.channel)).toEqual(["all", "telegram"]);
    expect(brake.active.map((p) => brake.left(p))).toEqual([600, undefined]);
  });

  it.each<[string, Parameters<Brake["set"]>[0], Pace]>([
    [
      "slower, for a while",
      { channel: "web", delay: 10, span: 30 },
      { channel: "web", state: "slow", delay_seconds: 600, until: at(30) },
    ],
    ["paused by hand", { channel: "all", delay: 0, span: "hand" }, { channel: "all", state: "paused" }],
    [
      "paused until the day ends",
      { channel: "all", delay: 0, span: "day" },
      { channel: "all", state: "paused", until: at(600) },
    ],
  ])("%s", (_, braking, pace) => {
    const { brake, wishes } = setup();
    brake.set(braking);
    expect(wishes()).toEqual([{ type: "pace", pace }]);
    expect(brake.active, "it is shown before the device has answered").toEqual([pace]);
  });

  it("is ended with one press, and put back as it was", () => {
    const paused: Pace = { channel: "all", state: "paused", until: at(20) };
    const { brake, wishes } = setup([paused]);
    const before = brake.end("all");
    expect(brake.active).toEqual([]);
    expect(before).toEqual(paused);
    brake.press(before);
    expect(brake.active).toEqual([paused]);
    expect(wishes()).toHaveLength(2);
  });

  it("follows what others set", () => {
    const { board, brake } = setup();
    board.change({ seq: 2, paces: [{ channel: "web", state: "paused" }] });
    expect(brake.active.map((p) => p.channel)).toEqual(["web"]);
    board.change({ seq: 3, paces: [{ channel: "web", state: "open" }] });
    expect(brake.active).toEqual([]);
  });
});

describe("finder", () => {
  it("takes the answer to the last question only", () => {
    const sent: { key?: string; text?: string }[] = [];
    let n = 0;
    const finder = new Finder(
      (m) => sent.push(m) > 0,
      () => `k${++n}`,
    );
    finder.ask("so");
    finder.ask(" soup ");
    expect(sent.at(-1)).toEqual({ type: "find", key: "k2", text: "soup" });
    finder.found({ type: "found", key: "k1", tickets: [ticket("a", 1)] });
    expect([finder.answer, finder.asking]).toEqual([undefined, true]);
    finder.found({ type: "found", key: "k2", tickets: [ticket("b", 1)] });
    expect(finder.answer).toEqual({ text: "soup", tickets: [ticket("b", 1)] });
    expect(finder.asking).toBe(false);
    finder.forget();
    expect(finder.answer).toBeUndefined();
  });

  it("says when it could not ask, and when it was refused", () => {
    expect(
      new Finder(
        () => false,
        () => "k",
      ).ask("x"),
    ).toBe(false);
    const finder = new Finder(
      () => true,
      () => "k",
    );
    finder.ask("x");
    expect([finder.refused("other"), finder.refused("k"), finder.asking]).toEqual([false, true, false]);
  });
});
