import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Chime, type Audio } from "./chime";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function silent() {
  const started: number[] = [];
  const audio = {
    currentTime: 1,
    state: "suspended",
    resume: vi.fn(async () => undefined),
    destination: {},
    createOscillator: () => ({
      frequency: { value: 0 },
      connect: () => ({ connect: () => undefined }),
      start: (at: number) => started.push(at),
      stop: () => undefined,
    }),
    createGain: () => ({
      gain: { setValueAtTime: () => undefined, exponentialRampToValueAtTime: () => undefined },
      connect: () => undefined,
    }),
  };
  return { audio: audio as unknown as Audio, started, resume: audio.resume };
}

test("it rings at once, again every five seconds, and stops", async () => {
  const { audio, started, resume } = silent();
  const chime = new Chime(() => audio);
  chime.ring(true);
  chime.ring(true);
  await vi.advanceTimersByTimeAsync(0);
  expect(started).toHaveLength(3);
  expect(resume).toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(5000);
  expect(started).toHaveLength(6);
  chime.ring(false);
  await vi.advanceTimersByTimeAsync(20000);
  expect(started).toHaveLength(6);
});

test("a browser without audio stays silent", async () => {
  const chime = new Chime(() => {
    throw new Error("no audio");
  });
  chime.ring(true);
  await vi.advanceTimersByTimeAsync(5000);
  chime.ring(false);
});
