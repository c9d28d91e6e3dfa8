import { beforeAll, expect, test } from "vitest";
import type { GuestView } from "../lib/types";
import { language } from "../lib/words.svelte";
import { paceAt, paceText } from "./pace";
import { loadWords } from "./words";

const now = Date.parse("2026-11-20T18:00:00.000Z");
const view = (pace: Partial<GuestView["pace"]>) =>
  ({ pace: { channel: "web", state: "open", ...pace } }) as GuestView;

beforeAll(async () => {
  language.set("en-GB");
  await loadWords("en");
});

test("the brake ends by itself, to the millisecond, without a word of the device", () => {
  const paused = view({ state: "paused", until: "2026-11-20T18:30:00.000Z" });
  expect(paceAt(paused, now)).toBe("paused");
  expect(paceAt(paused, now + 30 * 60_000 - 1)).toBe("paused");
  expect(paceAt(paused, now + 30 * 60_000)).toBe("open");
  expect(paceAt(view({ state: "slow" }), now)).toBe("slow");
  expect(paceAt(view({ state: "slow", until: "0001-01-01T00:00:00Z" }), now)).toBe("slow");
  expect(paceAt(undefined, now)).toBe("open");
});

test("guests read how long it lasts where that is known", () => {
  const time = new Date("2026-11-20T18:30:00.000Z").toLocaleTimeString("en-GB", {
    hour: "2-digit",
    minute: "2-digit",
  });
  expect(paceText(view({ state: "paused", until: "2026-11-20T18:30:00.000Z" }), now)).toContain(time);
  expect(paceText(view({ state: "paused" }), now)).toContain("short break");
  expect(paceText(view({ state: "slow" }), now)).toContain("longer than usual");
  expect(paceText(view({}), now)).toBe("");
});
