import { join } from "node:path";
import type { BrowserContextOptions, Page } from "@playwright/test";
import { burger, dishes } from "./api";
import { expect, phone, test } from "./fixtures";
import type { Visitors } from "./fixtures";
import type { House } from "./house";

// Pictures to look at, of every screen in its sizes and languages; nothing is compared with them.
const folder = join(import.meta.dirname, "../test-results/screens");
const shot = async (page: Page, name: string): Promise<void> => {
  // What is still fading in makes no picture.
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.screenshot({ path: join(folder, `${name}.png`), animations: "disabled" });
};

/** An evening: tables that eat, an allergy, an order that waits, a slip, something ready. */
async function evening(house: House, visitors: Visitors): Promise<void> {
  const owner = await house.owner();
  const ready = await visitors.cook("3", [{ item: "bruschetta", quantity: 2 }]);
  await visitors.cook("7", [{ ...burger, quantity: 2 }], { allergies: ["nuts", "sesame"] });
  await visitors.cook("12", [dishes.risotto, dishes.soup]);
  await visitors.cook("1", [{ item: "trout", quantity: 3, note: "one without almonds" }]);
  await visitors.cook("11", [burger, dishes.soup]);
  await visitors.cook("4", [
    dishes.bruschetta,
    { item: "lentil-salad", quantity: 2, note: "dressing aside" },
  ]);
  const off = await visitors.cook("9", [dishes.soup]);
  await owner.ask("POST", `/api/owner/orders/${off.order}/cancel`, {
    key: "the-slip-1",
    reason: "Ordered by mistake",
  });
  const waiting = await owner.seat(house.printed("5"));
  await waiting.order([{ item: "burrata", quantity: 1 }, dishes.risotto], { allergies: ["celery"] });
  await waiting.api.ask("POST", "/api/guest/help", { what: "water" });
  const cook = await visitors.screen("kitchen");
  await cook
    .getByRole("article", { name: "Table 3" })
    .getByRole("button", { name: "Done", exact: true })
    .click();
  await expect(cook.getByText(ready.number, { exact: true }).last()).toBeVisible();
  await cook.getByRole("article", { name: "Table 12" }).getByRole("button", { name: "Start" }).click();
}

const phones: [string, BrowserContextOptions][] = [
  ["360-en", { ...phone, viewport: { width: 360, height: 740 }, locale: "en-GB" }],
  ["390-de", { ...phone, locale: "de-DE", colorScheme: "dark" }],
  ["390-en", { ...phone, locale: "en-GB" }],
  ["360-de", { ...phone, viewport: { width: 360, height: 740 }, locale: "de-DE" }],
];

for (const [name, options] of phones)
  test(`guest ${name}`, async ({ house, visitors }) => {
    const german = options.locale === "de-DE";
    const page = await visitors.page({ ...options, deviceScaleFactor: 2 });
    await page.goto(house.printed("7"));
    const stay = page.getByRole("button", { name: german ? /Seite bleiben/ : /Stay on this page/ });
    await stay.waitFor();
    await shot(page, `guest-${name}-1-chooser`);
    await stay.click();
    await page.getByRole("button", { name: german ? "Bruschetta hinzufügen" : "Add Bruschetta" }).click();
    await shot(page, `guest-${name}-2-menu`);
    await page
      .getByRole("button", { name: german ? /^Hausburger/ : "Choose House burger", exact: true })
      .click();
    const sheet = page.getByRole("dialog");
    await sheet.getByRole("radio", { name: german ? "Rosa" : "Medium" }).check();
    await sheet.getByRole("radio", { name: german ? /Pommes/ : /French fries/ }).check();
    await shot(page, `guest-${name}-3-dish`);
    await sheet.getByRole("button", { name: german ? /^Hinzufügen · / : /^Add · / }).click();
    await page.getByRole("button", { name: german ? /Bestellung prüfen/ : /Review order/ }).click();
    await shot(page, `guest-${name}-4-review`);
    await page.getByRole("button", { name: german ? /^Jetzt bestellen/ : /^Order now/ }).click();
    await expect(page.getByRole("progressbar")).toBeVisible();
    await shot(page, `guest-${name}-5-orders`);
    await page.getByRole("button", { name: "Service" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await shot(page, `guest-${name}-6-service`);
    await page.goto(`${house.url}/t/AAAAAAAAAAAAAAAAAAAAAA`);
    await expect(page.getByRole("alert").getByRole("heading")).toBeVisible();
    await shot(page, `guest-${name}-7-unknown`);
  });

for (const [width, height] of [
  [1920, 1080],
  [1280, 800],
] as const)
  test(`kitchen ${width}`, async ({ house, visitors }) => {
    await evening(house, visitors);
    const kitchen = await visitors.screen("kitchen", { viewport: { width, height }, locale: "en-GB" });
    await expect(kitchen.getByText("1 order waits for staff")).toBeVisible();
    await kitchen.getByRole("button", { name: "Sound is off – touch here" }).click();
    await shot(kitchen, `kitchen-${width}-1-tickets`);
    for (const name of ["Recall", "All day", "Sold out", "Settings"]) {
      await kitchen.getByRole("button", { name }).click();
      await expect(kitchen.getByRole("dialog")).toBeVisible();
      await shot(kitchen, `kitchen-${width}-2-${name.replaceAll(" ", "-").toLowerCase()}`);
      await kitchen.keyboard.press("Escape");
    }
    await house.kill();
    await expect(kitchen.getByText(/^No connection since/)).toBeVisible({ timeout: 7000 });
    await shot(kitchen, `kitchen-${width}-3-stale`);
  });

for (const [width, height] of [
  [1024, 600],
  [1080, 1920],
] as const)
  test(`display ${width}`, async ({ house, visitors }) => {
    const display = await visitors.page({ viewport: { width, height }, locale: "en-GB" });
    await display.goto(`${house.url}/display`);
    await shot(display, `display-${width}-1-pairing`);
    await display.getByLabel("Six digits").fill(house.codes.display);
    await display.getByRole("button", { name: "Connect" }).click();
    await expect(display.getByRole("heading", { name: "Counter" })).toBeVisible();
    await shot(display, `display-${width}-2-code`);
    await house.tap({ table: "7" });
    await expect(display.getByRole("heading", { name: "Table 7" })).toBeVisible();
    await shot(display, `display-${width}-3-tapped`);
    await house.tap({ what: "unknown" });
    await expect(display.getByText("This tag is not known here")).toBeVisible();
    await shot(display, `display-${width}-4-unknown`);
    await house.kill();
    await expect(display.getByRole("heading", { name: "One moment, please" })).toBeVisible({ timeout: 7000 });
    await shot(display, `display-${width}-5-stale`);
  });

for (const [width, height, locale] of [
  [1280, 900, "en-GB"],
  [390, 844, "de-DE"],
] as const)
  test(`owner ${width}`, async ({ house, visitors }) => {
    await evening(house, visitors);
    const owner = await visitors.screen("owner", { viewport: { width, height }, locale });
    const sections = owner.getByRole("navigation").first().getByRole("link");
    await expect(sections).toHaveCount(8);
    for (const [i, name] of [
      "overview",
      "floor",
      "kitchen",
      "tables",
      "menu",
      "stock",
      "people",
      "screens",
    ].entries()) {
      await sections.nth(i).click();
      await expect(owner).toHaveURL(new RegExp(`#${name}$`));
      await expect(owner.getByRole("main").getByRole("listitem").first()).toBeVisible();
      await shot(owner, `owner-${width}-${i + 1}-${name}`);
    }
    await sections.nth(1).click();
    await owner.getByRole("article").getByRole("button").last().click();
    await expect(owner.getByRole("dialog")).toBeVisible();
    await shot(owner, `owner-${width}-8-bill`);
  });
