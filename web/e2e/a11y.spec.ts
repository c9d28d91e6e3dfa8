import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { burger, dishes } from "./api";
import { expect, phone, tablet, test, wall } from "./fixtures";
import { Phone } from "./phone";

/** No rule of WCAG 2.2 AA is broken on what is shown. */
async function clean(page: Page, what: string): Promise<void> {
  // Where a bar lies over half of a button that is scrolled away, axe calls the button small; small() measures instead.
  const { violations } = await new AxeBuilder({ page })
    .disableRules("target-size")
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  const told = violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 160)).join(" | ")}`);
  expect.soft(told, what).toEqual([]);
  expect.soft(await page.evaluate(small), `${what}: smaller than a fingertip`).toEqual([]);
}

/** The names of what can be pressed and is smaller than WCAG 2.5.8 allows. */
function small(): string[] {
  const pressed = [...document.querySelectorAll<HTMLElement>("button, a[href], select, summary")];
  return pressed
    .filter((e) => e.checkVisibility() && !e.closest("[inert], [aria-hidden]"))
    .filter((e) => Math.min(e.getBoundingClientRect().width, e.getBoundingClientRect().height) < 24)
    .map((e) => e.getAttribute("aria-label") ?? e.textContent!.trim());
}

/** What is still fading in has no contrast yet. */
const still = { reducedMotion: "reduce" } as const;

for (const colorScheme of ["light", "dark"] as const) {
  test(`the guest's page, ${colorScheme}`, async ({ house, visitors }) => {
    const page = await visitors.page({ ...phone, ...still, colorScheme });
    const guest = new Phone(page);
    await page.goto(house.printed("1"));
    await page.getByRole("button", { name: /Stay on this page/ }).waitFor();
    await clean(page, "chooser");
    await page.getByRole("button", { name: /Stay on this page/ }).click();
    await guest.add("Bruschetta");
    await clean(page, "menu");
    await guest.choose("House burger");
    await clean(page, "sheet");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Filters" }).click();
    await expect(guest.sheet).toBeVisible();
    await clean(page, "filters");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Choose your language" }).click();
    await expect(guest.sheet).toBeVisible();
    await clean(page, "languages");
    await page.keyboard.press("Escape");
    await guest.review();
    await page.getByText("Tell the kitchen about allergies").click();
    await clean(page, "review");
    await guest.send.click();
    await expect(guest.card("Waiting for the staff")).toBeVisible();
    await clean(page, "orders");
    await page.getByRole("button", { name: /See the bill/ }).click();
    await expect(page.getByRole("heading", { name: "Bill so far" })).toBeVisible();
    await clean(page, "bill");
    await guest.tab("Service");
    await clean(page, "service");
    await page.goto(`${house.url}/t/AAAAAAAAAAAAAAAAAAAAAA`);
    await expect(page.getByRole("heading", { name: "We don't know this code" })).toBeVisible();
    await clean(page, "unknown code");
    await page.goto(house.url);
    await clean(page, "landing");
  });

  test(`the owner's page, ${colorScheme}`, async ({ house, visitors }) => {
    const owner = await visitors.page({ ...tablet, ...still, colorScheme });
    await owner.goto(`${house.url}/owner`);
    await clean(owner, "pairing");
    const waiting = await (await house.owner()).seat(house.printed("2"));
    await waiting.order([burger], { allergies: ["nuts"], note: "for two" });
    await visitors.cook("3", [dishes.trout]);
    await owner.evaluate(
      (key) => localStorage.setItem("comanda.owner.key", JSON.stringify(key)),
      await house.ownerKey(),
    );
    await owner.reload();
    for (const name of ["Overview", "Floor", "Kitchen", "Tables", "Menu", "Stock", "Screens"]) {
      await owner.getByRole("navigation", { name: "Sections" }).getByRole("link", { name }).click();
      await expect(owner.getByRole("heading", { name, level: 1 })).toBeVisible();
      await expect(owner.getByText("Fetching…")).toHaveCount(0);
      await clean(owner, name);
    }
    await owner.getByRole("button", { name: "Connect a screen" }).click();
    await clean(owner, "connect a screen");
    await owner.keyboard.press("Escape");
    await owner.goto(`${house.url}/owner#floor`);
    await owner.getByRole("button", { name: "Bill and orders" }).first().click();
    await clean(owner, "bill and orders");
    await owner.keyboard.press("Escape");
    await owner.goto(`${house.url}/owner#tables`);
    await owner.getByRole("button", { name: /^7/ }).click();
    await expect(owner.getByRole("img", { name: house.printed("7") })).toBeVisible();
    await clean(owner, "table");
  });

  test(`the kitchen screen, ${colorScheme}`, async ({ house, visitors }) => {
    const kitchen = await visitors.page({ ...wall, ...still, colorScheme });
    await kitchen.addInitScript(
      (theme) => localStorage.setItem("comanda.kitchen.theme", JSON.stringify(theme)),
      colorScheme,
    );
    await kitchen.goto(`${house.url}/kitchen`);
    await clean(kitchen, "pairing");
    await kitchen.evaluate(
      (key) => localStorage.setItem("comanda.kitchen.key", JSON.stringify(key)),
      await house.ownerKey(),
    );
    await kitchen.reload();
    await expect(kitchen.getByText("All done")).toBeVisible();
    await clean(kitchen, "empty");
    await visitors.cook("2", [burger, dishes.trout], { allergies: ["nuts"], note: "birthday" });
    const { order } = await visitors.cook("3", [dishes.trout]);
    await (
      await house.owner()
    ).ask("POST", `/api/owner/orders/${order}/cancel`, { key: "all-of-it", reason: "left" });
    const waiting = await (await house.owner()).seat(house.printed("4"));
    await waiting.order([dishes.soup]);
    await expect(kitchen.getByText("1 order waits for staff")).toBeVisible();
    await clean(kitchen, "tickets");
    for (const name of ["Recall", "All day", "Sold out", "Settings", "Reject", "All stations"]) {
      await kitchen.getByRole("button", { name }).click();
      await expect(kitchen.getByRole("dialog")).toBeVisible();
      await clean(kitchen, name);
      await kitchen.keyboard.press("Escape");
    }
    await house.kill();
    await expect(kitchen.getByText(/^No connection since/)).toBeVisible({ timeout: 7000 });
    await clean(kitchen, "stale");
  });
}

test("the display", async ({ house, visitors }) => {
  const display = await visitors.page({ ...tablet, ...still });
  await display.goto(`${house.url}/display`);
  await display.getByLabel("Six digits").fill(house.codes.display);
  await display.getByRole("button", { name: "Connect" }).click();
  await expect(display.getByRole("heading", { name: "Counter" })).toBeVisible();
  await clean(display, "code");
  await house.tap({ what: "unknown" });
  await expect(display.getByRole("alert")).toBeVisible();
  await clean(display, "flash");
  await house.kill();
  await expect(display.getByRole("heading", { name: "One moment, please" })).toBeVisible({ timeout: 7000 });
  await clean(display, "stale");
});

test("Tab goes through the menu from top to bottom", async ({ house, visitors }) => {
  const page = await visitors.guest(house.printed("1"), tablet);
  await expect(page.getByRole("button", { name: "Add Bruschetta" })).toBeVisible();
  const seen: string[] = [];
  for (let i = 0; i < 30; i++) {
    await page.keyboard.press("Tab");
    seen.push(
      await page.evaluate(() => {
        const at = document.activeElement as HTMLElement;
        return at.getAttribute("aria-label") ?? at.textContent!.trim().split("\n")[0]!;
      }),
    );
    if (seen.at(-1) === "Choose Beef tartare") break;
  }
  const order = [
    "Choose your language",
    "Search the menu",
    "Filters",
    "Add Bruschetta",
    "Choose Beef tartare",
  ];
  const found = order.map((name) => seen.indexOf(name));
  expect(found, seen.join(", ")).toEqual([...found].sort((a, b) => a - b));
  expect(found).not.toContain(-1);
});
