import AxeBuilder from "@axe-core/playwright";
import type { Locator, Page } from "@playwright/test";
import { expect } from "./fixtures";

/** A table's tickets on a kitchen screen. */
export const ticket = (page: Page, table: string): Locator =>
  page.getByRole("article", { name: `Table ${table}`, exact: true });

/** No rule of WCAG 2.2 AA is broken, and what must be read from afar has a contrast of 7:1. */
export async function clean(page: Page, what: string): Promise<void> {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const all = await new AxeBuilder({ page }).disableRules("target-size").withTags(tags).analyze();
  const far = await new AxeBuilder({ page }).include("main").withRules("color-contrast-enhanced").analyze();
  const told = [...all.violations, ...far.violations].map(
    (v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 160)).join(" | ")}`,
  );
  expect.soft(told, what).toEqual([]);
}

/** Every ticket's buttons and rows lie within the picture, and nothing lies over something else. */
export async function nothingCut(page: Page): Promise<void> {
  const wrong = await page.evaluate(() => {
    const main = document.querySelector("main")!.getBoundingClientRect();
    const boxes = [...document.querySelectorAll("main li:has(> article)")].map((li) =>
      li.getBoundingClientRect(),
    );
    const out = boxes.filter(
      (b) => b.bottom > main.bottom + 1 || b.right > main.right + 1 || b.top < main.top,
    );
    const over = boxes.filter((a, i) =>
      boxes
        .slice(i + 1)
        .some(
          (b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1,
        ),
    );
    const clipped = [...document.querySelectorAll("main li > article")].filter(
      (a) => a.scrollHeight > a.clientHeight + 1,
    );
    return {
      out: out.length,
      over: over.length,
      clipped: clipped.length,
      scrolls: document.documentElement.scrollHeight > innerHeight,
    };
  });
  expect(wrong).toEqual({ out: 0, over: 0, clipped: 0, scrolls: false });
}
