import { describe, expect, it } from "vitest";
import {
  arc,
  dishEms,
  goodArc,
  guess,
  letterOf,
  readableFrom,
  suggest,
  usualColumns,
  zooms,
} from "./letters";

const wall = { inches: 21.5, metres: 2, width: 1920, height: 1080 };

describe("letters", () => {
  it("fill the arc of the standard's table: 9.3 mm are 16 minutes at two metres", () => {
    const pixels = 9.3 / ((21.5 * 25.4) / Math.hypot(1920, 1080));
    const letter = pixels / 0.7 / dishEms;
    expect(arc(letter, wall)).toBeCloseTo(16, 1);
    expect(readableFrom(letter, wall)).toBeCloseTo(2, 1);
  });

  it("let 21.5 inches be read from one and a half metres in four columns", () => {
    const size = suggest({ ...wall, metres: 1.5 });
    expect(size.columns).toBe(4);
    expect(arc(letterOf(1920, size), { ...wall, metres: 1.5 })).toBeGreaterThanOrEqual(goodArc);
  });

  it.each([
    [320, 1],
    [800, 2],
    [1024, 3],
    [1280, 4],
    [3840, 4],
  ])("begin in a picture %d wide with %d columns", (width, columns) =>
    expect(usualColumns(width)).toBe(columns),
  );

  it.each(
    [7, 10.1, 15.6, 21.5, 32, 55].flatMap((inches) =>
      [0.4, 0.7, 1, 1.5, 2, 3, 5].map((m) => [inches, m] as const),
    ),
  )(
    "on %s inches from %s m are never smaller than can be read, unless they are as big as possible",
    (inches, metres) => {
      const view = { ...wall, inches, metres };
      const size = suggest(view);
      const biggest = size.columns === 1 && size.zoom === zooms.most;
      if (!biggest) expect(arc(letterOf(1920, size), view)).toBeGreaterThanOrEqual(goodArc - 1e-6);
      expect(size.zoom).toBeLessThanOrEqual(zooms.most);
    },
  );

  it("are guessed from what the browser tells", () => {
    expect(guess(1280, 800, true)).toEqual({ inches: 10.1, metres: 0.7 });
    expect(guess(800, 1280, true)).toEqual({ inches: 10.1, metres: 0.7 });
    expect(guess(1920, 1080, false)).toEqual({ inches: 21.5, metres: 1.5 });
  });
});
