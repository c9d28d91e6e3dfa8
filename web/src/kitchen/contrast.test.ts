import { describe, expect, it } from "vitest";

// Vitest empties style sheets that are imported, and the sources of a page know nothing of Node's types.
interface Node {
  getBuiltinModule(name: "node:fs"): { readFileSync(file: URL, encoding: "utf8"): string };
}
const { process } = globalThis as unknown as { process: Node };
const css = process
  .getBuiltinModule("node:fs")
  .readFileSync(new URL("./kitchen.css", import.meta.url), "utf8");

/** The colour of a token: the one it always is, or the one of the theme. */
function token(name: string, theme: "light" | "dark"): string {
  const value = new RegExp(`--${name}:\\s*([^;]+);`).exec(css)?.[1]?.trim() ?? "";
  const pair = /^light-dark\((#\w+),\s*(#\w+)\)$/.exec(value);
  const found = pair ? pair[theme === "light" ? 1 : 2]! : value;
  if (!/^#[0-9a-f]{6}$/i.test(found)) throw new Error(`--${name} is no colour: ${value}`);
  return found;
}

/** Relative luminance, WCAG 2.2. */
function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((i) => {
    const c = parseInt(colour.slice(i, i + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light! + 0.05) / (dark! + 0.05);
}

describe.each(["light", "dark"] as const)("contrast, %s", (theme) => {
  it.each([
    ["ink", "paper"],
    ["ink", "sunk"],
    ["ink-2", "paper"],
    ["ink-2", "ground"],
    ["removal", "paper"],
    ["accent", "paper"],
    ["good", "paper"],
    ["bad", "paper"],
    ["paper", "ink"],
  ])("of %s on %s is at least 7:1", (text, ground) => {
    expect(contrast(token(text, theme), token(ground, theme))).toBeGreaterThanOrEqual(7);
  });

  it.each([
    ["#1f1400", "warn-fill"],
    ["#ffffff", "late-fill"],
  ])("of %s on %s is at least 7:1", (text, ground) => {
    expect(contrast(text, token(ground, theme))).toBeGreaterThanOrEqual(7);
  });
});
