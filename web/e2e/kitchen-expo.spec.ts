import type { BrowserContextOptions, Locator, Page } from "@playwright/test";
import { burger, dishes } from "./api";
import { expect, test, wall, type Visitors } from "./fixtures";

const card = (page: Page, table: string): Locator =>
  page.getByRole("article", { name: new RegExp(`^Table ${table}, order`) });
const ticket = (page: Page, table: string): Locator =>
  page.getByRole("article", { name: `Table ${table}`, exact: true });

/** A screen that is the pass. */
async function pass(visitors: Visitors, options: BrowserContextOptions = wall): Promise<Page> {
  const page = await visitors.page(options);
  await page.addInitScript(
    ([key]) => {
      localStorage.setItem("comanda.kitchen.key", JSON.stringify(key));
      if (!localStorage.getItem("comanda.kitchen.prefs")) {
        localStorage.setItem("comanda.kitchen.prefs", JSON.stringify({ expo: true }));
      }
    },
    [await visitors.house.ownerKey()],
  );
  await page.goto(`${visitors.house.url}/kitchen`);
  return page;
}

test("a screen becomes the pass, and a station's again", async ({ visitors }) => {
  const kitchen = await visitors.screen("kitchen");
  // The first touch only lets the browser make noise.
  await kitchen.getByRole("button", { name: /^Sound is off/ }).click();
  await visitors.cook("1", [dishes.bruschetta, dishes.trout]);
  await expect(ticket(kitchen, "1")).toHaveCount(2);
  await kitchen.getByRole("button", { name: "All stations" }).click();
  await kitchen.getByRole("dialog").getByRole("button", { name: "The pass" }).click();
  await kitchen.keyboard.press("Escape");
  await expect(card(kitchen, "1")).toHaveCount(1);
  await expect(kitchen.getByText("1 order", { exact: true })).toBeVisible();
  await kitchen.reload();
  await expect(card(kitchen, "1"), "the screen remembers").toBeVisible();
  await kitchen.getByRole("button", { name: /^Sound is off/ }).click();
  await kitchen.getByRole("button", { name: "The pass" }).click();
  await kitchen.getByRole("dialog").getByRole("button", { name: "Stations", exact: true }).click();
  await kitchen.keyboard.press("Escape");
  await expect(ticket(kitchen, "1")).toHaveCount(2);
});

test("parts come together: in work, ready, in hand, served, and back", async ({ visitors }) => {
  const expo = await pass(visitors);
  const kitchen = await visitors.screen("kitchen");
  await visitors.cook("2", [dishes.bruschetta, { ...dishes.trout, quantity: 2 }], { allergies: ["nuts"] });
  await expect(card(expo, "2")).toContainText("In work");
  await expect(card(expo, "2")).toContainText("Allergy");
  await expect(card(expo, "2").getByText("New", { exact: true })).toHaveCount(2);

  const cold = ticket(kitchen, "2").filter({ hasText: "Bruschetta" });
  await cold.getByRole("button", { name: "Done", exact: true }).click();
  await expect(card(expo, "2")).toContainText("1 of 2 ready");
  await card(expo, "2")
    .getByRole("button", { name: /^In hand: Cold kitchen/ })
    .click();
  await expect(card(expo, "2").getByText("In hand")).toBeVisible();

  const grill = ticket(kitchen, "2").filter({ hasText: /trout/i });
  await grill.getByRole("button", { name: "Start" }).click();
  await expect(card(expo, "2").getByText("0 of 2", { exact: true })).toBeVisible();
  await grill.getByRole("button", { name: "Done", exact: true }).click();
  await expect(card(expo, "2")).toContainText("All ready");

  await card(expo, "2").getByRole("button", { name: "Serve", exact: true }).click();
  await card(expo, "2")
    .getByRole("button", { name: /Tap to undo/ })
    .click();
  await expect(card(expo, "2")).toContainText("All ready");
  await expect(card(expo, "2").getByText("In hand"), "as it was").toBeVisible();

  await card(expo, "2").getByRole("button", { name: "Serve", exact: true }).click();
  await expect(card(expo, "2")).toHaveCount(0, { timeout: 15_000 });
  await expect(expo.getByText("Nothing is on its way.")).toBeVisible();

  await expo.getByRole("button", { name: "Recall" }).click();
  const list = expo.getByRole("dialog", { name: "What was served" });
  await expect(list.getByRole("listitem")).toHaveCount(2);
  await list
    .getByRole("listitem")
    .filter({ hasText: "Bruschetta" })
    .getByRole("button", { name: /^Back to the pass/ })
    .click();
  await expect(list.getByRole("listitem").filter({ hasText: "Bruschetta" })).toContainText("Done at");
  await expo.keyboard.press("Escape");
  await expect(card(expo, "2")).toContainText("All ready");
});

test("only what is ready goes to the table while the rest is cooked", async ({ visitors }) => {
  // A tablet at the pass, touched.
  const expo = await pass(visitors, { ...wall, viewport: { width: 1280, height: 800 }, hasTouch: true });
  const kitchen = await visitors.screen("kitchen");
  await visitors.cook("3", [dishes.bruschetta, dishes.trout]);
  await ticket(kitchen, "3")
    .filter({ hasText: "Bruschetta" })
    .getByRole("button", { name: "Done", exact: true })
    .click();
  await card(expo, "3").getByRole("button", { name: "Serve 1 ready" }).tap();
  await expect(card(expo, "3").getByText("Served", { exact: true })).toBeVisible();
  await expect(ticket(kitchen, "3").filter({ hasText: /trout/i })).toBeVisible();
  await expo.getByRole("status").getByRole("button", { name: "Undo" }).click();
  await expect(card(expo, "3")).toContainText("1 of 2 ready");
});

test("keys at the pass: choose, collect, serve, take back, rush", async ({ visitors }) => {
  const expo = await pass(visitors, { ...wall, viewport: { width: 1280, height: 800 } });
  const kitchen = await visitors.screen("kitchen");
  await visitors.cook("4", [dishes.trout]);
  await visitors.cook("5", [dishes.risotto]);
  await ticket(kitchen, "5").getByRole("button", { name: "Done", exact: true }).click();
  await expect(card(expo, "5")).toContainText("All ready");

  await expo.keyboard.press("2");
  await expo.keyboard.press("Space");
  await expect(card(expo, "5").getByText("In hand")).toBeVisible();
  await expo.keyboard.press("Enter");
  await expect(card(expo, "5"), "no finger is in the way: it leaves at once").toHaveCount(0);
  await expo.keyboard.press("Backspace");
  await expect(card(expo, "5")).toBeVisible();

  await expo.keyboard.press("1");
  await expo.keyboard.press("Enter");
  await expect(expo.getByText("Nothing of it is ready yet.")).toBeVisible();
  await expo.keyboard.press("p");
  await expect(card(expo, "4")).toContainText("Rush");
  await expect(ticket(kitchen, "4")).toContainText("Rush");
});

test("made again from the pass", async ({ visitors }) => {
  const expo = await pass(visitors);
  const kitchen = await visitors.screen("kitchen");
  await visitors.cook("6", [dishes.trout]);
  await ticket(kitchen, "6").getByRole("button", { name: "Done", exact: true }).click();
  await card(expo, "6")
    .getByRole("button", { name: /^More about/ })
    .click();
  await expo
    .getByRole("dialog")
    .getByRole("button", { name: /^Make again/ })
    .click();
  await expo.getByRole("dialog").getByRole("button", { name: "Sent back" }).click();
  await expect(card(expo, "6")).toContainText("On the fly");
  await expect(card(expo, "6")).toContainText("Sent back");
  await expect(ticket(kitchen, "6").filter({ hasText: "On the fly" })).toBeVisible();
});

test.describe("with courses", () => {
  test.use({ kitchen: { hold_courses: true } });

  test("a course is served, the next one fired from its card", async ({ visitors }) => {
    const expo = await pass(visitors);
    const kitchen = await visitors.screen("kitchen");
    await visitors.cook("7", [dishes.bruschetta, burger]);
    await expect(card(expo, "7")).toContainText("by hand");
    await ticket(kitchen, "7").getByRole("button", { name: "Done", exact: true }).click();
    await expect(card(expo, "7")).toContainText("Course ready");
    await card(expo, "7").getByRole("button", { name: "Serve", exact: true }).click();
    await expect(card(expo, "7")).toContainText("Waits");

    await card(expo, "7").getByRole("button", { name: "Fire course 2" }).click();
    await expect(card(expo, "7")).toContainText("In work");
    await expect(ticket(kitchen, "7").filter({ hasText: "BURGER" })).toBeVisible();
    await expo.keyboard.press("1");
    await expect(card(expo, "7").getByRole("button", { name: "Fire course 2" })).toHaveCount(0);
  });
});

test("a wall of orders has pages, and says what stands on others", async ({ visitors }) => {
  const expo = await pass(visitors, { ...wall, viewport: { width: 1280, height: 800 } });
  const big = [dishes.bruschetta, dishes.soup, dishes.risotto, { ...dishes.trout, quantity: 3 }, burger];
  for (const table of ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]) await visitors.cook(table, big);
  await expect(expo.getByText("10 orders")).toBeVisible();
  await expect(expo.getByRole("button", { name: /more on other pages/ })).toBeVisible();
  await expo.keyboard.press("PageDown");
  await expect(expo.getByText(/^Page 2 of /)).toBeVisible();
  const scrolls = await expo.evaluate(() => document.documentElement.scrollHeight > innerHeight);
  expect(scrolls, "nobody scrolls at the pass").toBe(false);
});
