import { describe, expect, it } from "vitest";
import { Sounds, type Audio } from "./sounds.svelte";

function fake(state: AudioContextState) {
  const starts: number[] = [];
  const param = { value: 0, setValueAtTime() {}, linearRampToValueAtTime() {} };
  const audio = {
    state,
    currentTime: 0,
    destination: {},
    onstatechange: null,
    async resume() {
      audio.state = "running";
    },
    createOscillator: () => ({
      frequency: { value: 0 },
      connect() {},
      start: (at: number) => starts.push(at),
      stop() {},
    }),
    createGain: () => ({ gain: param, connect() {} }),
  };
  return { starts, audio: audio as unknown as Audio & { state: AudioContextState } };
}

describe("sounds", () => {
  it("is blocked until a touch, and says so", async () => {
    const { audio, starts } = fake("suspended");
    const sounds = new Sounds(() => audio);
    sounds.play("new");
    expect(sounds.blocked).toBe(true);
    expect(starts).toEqual([]);
    await sounds.unlock();
    expect(sounds.blocked).toBe(false);
    sounds.play("new");
    expect(starts).toHaveLength(2);
  });

  it("plays one melody after the other and does not pile them up", async () => {
    const { audio, starts } = fake("running");
    const sounds = new Sounds(() => audio);
    await sounds.unlock();
    for (let i = 0; i < 30; i++) sounds.play("new");
    expect(starts.length).toBeLessThan(16);
    expect([...starts].sort((a, b) => a - b)).toEqual(starts);
  });

  it("keeps quiet when it is turned off, and remembers that", async () => {
    const { audio, starts } = fake("running");
    const sounds = new Sounds(() => audio);
    await sounds.unlock();
    sounds.set("off");
    sounds.play("late");
    expect(starts).toEqual([]);
    expect(new Sounds(() => audio).volume).toBe("off");
  });

  it("leaves out what was turned off, plays it for a test, and remembers", async () => {
    const { audio, starts } = fake("running");
    const sounds = new Sounds(() => audio);
    await sounds.unlock();
    sounds.set("normal");
    sounds.toggle("new");
    sounds.play("new");
    expect(starts).toEqual([]);
    sounds.test("new");
    expect(starts).toHaveLength(2);
    expect(new Sounds(() => audio).off).toEqual(["new"]);
    sounds.toggle("new");
    expect(new Sounds(() => audio).off).toEqual([]);
  });

  it("stays blocked where there is no audio at all", async () => {
    const sounds = new Sounds(() => {
      throw new Error("no audio");
    });
    await sounds.unlock();
    expect(sounds.blocked).toBe(true);
  });
});
