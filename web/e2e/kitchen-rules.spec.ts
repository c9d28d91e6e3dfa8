import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { burger, dishes } from "./api";
import { expect, test, wall } from "./fixtures";

test.use({ kitchen: { hold_courses: true } });

/** No rule of WCAG 2.2 AA is broken on what is shown, and nothing that is pressed is smaller than a gloved finger. */
async function clean(page: Page, what: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .disableRules("target-size")
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  const told = violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 160)).join(" | ")}`);
  expect.soft(told, what).toEqual([]);
  const small = await page.evaluate(() =>
    [
      ...document.querySelectorAll<HTMLElement>(
        "article footer button, button.part, .lane button, .brake button",
      ),
    ]
      .filter((e) => e.checkVisibility() && !e.closest("[inert], [aria-hidden]"))
      .filter((e) => e.getBoundingClientRect().height < 47.5)
      .map((e) => e.getAttribute("aria-label") ?? e.textContent),
  );
  expect.soft(small, `${what}: smaller than 48 px`).toEqual([]);
}

for (const colorScheme of ["light", "dark"] as const) {
  test(`courses, the brake and the pass break no rule, ${colorScheme}`, async ({ house, visitors }) => {
    test.setTimeout(90_000);
    const page = await visitors.page({
      ...{ ...wall, viewport: { width: 1280, height: 800 } },
      ...{ colorScheme, hasTouch: true, reducedMotion: "reduce" },
    });
    await page.addInitScript(
      ([key, theme]) => {
        localStorage.setItem("comanda.kitchen.key", JSON.stringify(key));
        localStorage.setItem("comanda.kitchen.theme", JSON.stringify(theme));
      },
      [await house.ownerKey(), colorScheme],
    );
    await page.goto(`${house.url}/kitchen`);
    await page.getByRole("button", { name: /^Sound is off/ }).tap();
    await visitors.cook("1", [dishes.bruschetta, burger], { allergies: ["nuts"], note: "no hurry" });
    await visitors.cook("2", [dishes.soup]);
    await page
      .getByRole("article")
      .filter({ hasText: "Soup" })
      .getByRole("button", { name: "Done", exact: true })
      .tap();
    await expect(page.getByRole("region", { name: "Coming up" })).toBeVisible();
    await clean(page, "held tickets");
    for (const [key, title] of [
      ["f", "Coming up"],
      ["b", "Slow down or pause orders"],
      ["r", "Bring a ticket back"],
    ] as const) {
      await page.keyboard.press(key);
      await expect(page.getByRole("dialog", { name: title })).toBeVisible();
      await clean(page, title);
      await page.keyboard.press("Escape");
    }
    const owner = await house.owner();
    await owner.ask("PUT", "/api/owner/pace", { channel: "all", state: "paused" });
    await owner.ask("PUT", "/api/owner/pace", { channel: "web", state: "slow", delay_seconds: 600 });
    await page.getByRole("button", { name: "All stations" }).tap();
    await page.getByRole("dialog").getByRole("button", { name: "The pass" }).tap();
    await clean(page, "what this screen is");
    await page.keyboard.press("Escape");
    await expect(page.getByRole("article", { name: /^Table 2, order/ })).toContainText("All ready");
    await expect(page.getByRole("button", { name: "End it: Web" })).toBeVisible();
    await clean(page, "the pass");
    await page
      .getByRole("article", { name: /^Table 1, order/ })
      .getByRole("button", { name: /^More about/ })
      .tap();
    await expect(page.getByRole("dialog")).toBeVisible();
    await clean(page, "more about an order");
  });
}
