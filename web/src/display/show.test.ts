import { describe, expect, it } from "vitest";
import { addressOf, faceOf, secondsLeft, tongues, type DisplayCode } from "./show.svelte";

const start = Date.UTC(2026, 10, 20, 18, 0, 0);
const at = (seconds: number) => new Date(start + seconds * 1000).toISOString();
const shown: DisplayCode = {
  now: at(0),
  venue: { name: "Linde", languages: ["de", "en"] },
  table: { id: "t", name: "7", kind: "table" },
  url: "https://linde.example/t/7KX2M9QP",
  code: "7KX2M9QP",
  expires: at(120),
  next: at(60),
  period_seconds: 60,
  svg: { size: 29, path: "M0 0" },
};

describe("what a display shows", () => {
  it.each([
    ["a code while it is valid", shown, 0, true, "code"],
    ["a code the next one of which is late, while it still works", shown, 100, true, "code"],
    ["no code that may end before it is scanned", shown, 119, true, "stale"],
    ["no expired code", shown, 500, true, "stale"],
    ["no code without a connection", shown, 0, false, "stale"],
    ["nothing before the first word", undefined, 0, true, "loading"],
    ["that it has no table", { ...shown, table: undefined, code: "" }, 0, true, "none"],
  ] as const)("%s", (_, code, seconds, connected, want) => {
    expect(faceOf(code as DisplayCode | undefined, start + seconds * 1000, connected)).toBe(want);
  });

  it("counts down to the next code and stops at nothing", () => {
    expect(secondsLeft(shown, start)).toBe(60);
    expect(secondsLeft(shown, start + 59_500)).toBe(1);
    expect(secondsLeft(shown, start + 90_000)).toBe(0);
  });

  it("speaks the house's first two languages it knows", () => {
    expect(tongues(["de-AT", "it", "en"])).toEqual(["de", "en"]);
    expect(tongues(["en"])).toEqual(["en"]);
    expect(tongues(["it", "fr"])).toEqual(["en"]);
  });

  it("shows the address without scheme and code", () => {
    expect(addressOf(shown)).toBe("linde.example/t/");
  });
});
