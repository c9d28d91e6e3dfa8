import type { Locator, Page } from "@playwright/test";
import { burger, dishes } from "./api";
import { expect, test, wall } from "./fixtures";
import { Phone } from "./phone";

const ticket = (page: Page, table: string): Locator =>
  page.getByRole("article", { name: `Table ${table}`, exact: true });
/** The cover that lies over a ticket for a moment after it was bumped. */
const veil = (page: Page, table: string): Locator =>
  ticket(page, table).getByRole("button", { name: /Tap to undo/ });

test("fingers: dishes, start, done, undo by a second tap, and recall", async ({ visitors }) => {
  const kitchen = await visitors.screen("kitchen", { ...wall, hasTouch: true });
  await visitors.cook("1", [burger, { ...dishes.risotto, quantity: 2 }]);
  const one = ticket(kitchen, "1");

  await one.getByRole("button", { name: "Start" }).tap();
  await expect(one.getByRole("button", { name: "In work" })).toHaveAttribute("aria-pressed", "true");
  await one.getByRole("button", { name: /BURGER/ }).tap();
  await expect(one.getByRole("button", { name: /BURGER/ })).toHaveAttribute("aria-pressed", "true");

  await one.getByRole("button", { name: "Done", exact: true }).tap();
  await expect(veil(kitchen, "1")).toBeVisible();
  await veil(kitchen, "1").tap();
  await expect(veil(kitchen, "1")).toBeHidden();
  await expect(one.getByRole("button", { name: "Done", exact: true })).toBeEnabled();

  await one.getByRole("button", { name: "Done", exact: true }).tap();
  await expect(one).toHaveCount(0, { timeout: 15_000 });
  await expect(kitchen.getByText("All done")).toBeVisible();
  await kitchen.getByRole("button", { name: "Recall" }).tap();
  await kitchen.getByRole("dialog").getByRole("button", { name: "Bring back" }).tap();
  await expect(one).toContainText("Back again");
});

test("keys: the board of a bump bar works without a finger", async ({ visitors }) => {
  const kitchen = await visitors.screen("kitchen");
  for (const table of ["1", "2", "3"]) await visitors.cook(table, [dishes.trout]);
  await expect(kitchen.getByText("3 tickets")).toBeVisible();

  await kitchen.keyboard.press("2");
  await kitchen.keyboard.press("Space");
  await expect(ticket(kitchen, "2").getByRole("button", { name: "In work" })).toBeVisible();
  await kitchen.keyboard.press("ArrowRight");
  await kitchen.keyboard.press("Enter");
  await expect(ticket(kitchen, "3"), "no finger is in the way: it leaves at once").toHaveCount(0);
  await kitchen.keyboard.press("Backspace");
  await expect(ticket(kitchen, "3")).toContainText("Back again");

  await kitchen.keyboard.press("1");
  await kitchen.keyboard.press("Enter");
  await expect(kitchen.getByText("2 tickets")).toBeVisible();
  await kitchen.keyboard.press("r");
  const dialog = kitchen.getByRole("dialog", { name: "Bring a ticket back" });
  await expect(dialog.getByRole("listitem")).toContainText("Table 1");
  await kitchen.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await kitchen.keyboard.press("s");
  await expect(kitchen.getByRole("dialog", { name: "To make in all" }).getByRole("listitem")).toContainText(
    "2",
  );
});

test("two screens never differ", async ({ visitors }) => {
  const [left, right] = await Promise.all([visitors.screen("kitchen"), visitors.screen("kitchen")]);
  await visitors.cook("4", [dishes.trout]);
  await ticket(left!, "4").getByRole("button", { name: "Start" }).click();
  await expect(ticket(right!, "4").getByRole("button", { name: "In work" })).toBeVisible();
  await ticket(right!, "4").getByRole("button", { name: "Done", exact: true }).click();
  await expect(ticket(left!, "4")).toHaveCount(0, { timeout: 15_000 });
  await expect(left!.getByRole("region", { name: "Ready to serve" })).toContainText("Table 4");
  await right!.getByRole("button", { name: /^Served: / }).click();
  await expect(left!.getByText("Nothing is ready to serve.")).toBeVisible();
});

test("what is taken off comes as a slip, an allergy stands on top", async ({ house, visitors }) => {
  const kitchen = await visitors.screen("kitchen");
  const allergies = { allergies: ["nuts", "sesame"] as ("nuts" | "sesame")[], allergy_note: "even traces" };
  const { order } = await visitors.cook("5", [dishes.trout, dishes.risotto], allergies);
  const food = ticket(kitchen, "5").filter({ hasNotText: "Do not make" });
  await expect(food).toContainText("Nuts · Sesame");
  await expect(food).toContainText("even traces");
  await food.getByRole("button", { name: "Start" }).click();
  await expect(food.getByRole("button", { name: "In work" })).toBeVisible();

  const owner = await house.owner();
  await owner.ask("POST", `/api/owner/orders/${order}/cancel`, {
    key: "cancel-one-line",
    line: 1,
    quantity: 1,
    reason: "Ordered by mistake",
  });
  const slip = ticket(kitchen, "5").filter({ hasText: "Do not make" });
  await expect(slip).toContainText("risotto", { ignoreCase: true });
  await expect(food.getByRole("button", { name: /risotto/i })).toBeDisabled();
  await slip.getByRole("button", { name: "Understood" }).click();
  await expect(slip).toHaveCount(0, { timeout: 15_000 });
  await expect(food.first()).toBeVisible();
});

test("many tickets fill pages, none is hidden in silence", async ({ visitors }) => {
  const kitchen = await visitors.screen("kitchen", {
    viewport: { width: 1280, height: 800 },
    locale: "en-GB",
  });
  const lines = [burger, dishes.trout, dishes.risotto, { ...dishes.soup, quantity: 3 }];
  await Promise.all(Array.from({ length: 12 }, (_, i) => visitors.cook(String(i + 1), lines)));
  await expect(kitchen.getByText("12 tickets")).toBeVisible();
  await expect(kitchen.getByText(/^Page 1 of [2-9]$/)).toBeVisible();
  await expect(kitchen.getByRole("button", { name: /more on other pages/ })).toBeVisible();
  await kitchen.keyboard.press("PageDown");
  await expect(kitchen.getByText(/^Page 2 of /)).toBeVisible();
  await kitchen.keyboard.press("PageUp");
  await expect(kitchen.getByText(/^Page 1 of /)).toBeVisible();
  const scrolls = await kitchen.evaluate(() => document.documentElement.scrollHeight > innerHeight);
  expect(scrolls, "a wall has nobody to scroll it").toBe(false);
});

test("sold out in two presses, on every phone within two seconds", async ({ house, visitors }) => {
  const kitchen = await visitors.screen("kitchen");
  const guest = new Phone(await visitors.guest(house.printed("6")));
  await expect(guest.page.getByRole("button", { name: "Add Trout in butter" })).toBeVisible();
  await kitchen.getByRole("button", { name: "Sold out" }).click();
  await kitchen
    .getByRole("dialog")
    .getByRole("button", { name: /^Trout in butter/ })
    .click();
  const row = guest.page.getByRole("listitem").filter({ hasText: "Trout in butter" });
  await expect(row).toContainText("Sold out", { timeout: 2000 });
  await expect(guest.page.getByRole("button", { name: "Add Trout in butter" })).toHaveCount(0);
  await kitchen
    .getByRole("dialog")
    .getByRole("button", { name: /^Trout in butter/ })
    .click();
  await expect(guest.page.getByRole("button", { name: "Add Trout in butter" })).toBeVisible({
    timeout: 2000,
  });
});

test("86: a dish on a ticket in two touches, and a touch beside it does nothing", async ({
  house,
  visitors,
}) => {
  const kitchen = await visitors.screen("kitchen", { ...wall, hasTouch: true });
  const guest = new Phone(await visitors.guest(house.printed("6")));
  await expect(guest.page.getByRole("button", { name: "Add Trout in butter" })).toBeVisible();
  await visitors.cook("1", [dishes.trout, dishes.risotto]);
  const one = ticket(kitchen, "1");
  await expect(one).toBeVisible();
  // The first touch of all only lets the browser make noise.
  await kitchen.getByRole("button", { name: /^Sound is off/ }).tap();
  const asked = kitchen.getByText("Touch the dish that is sold out");
  const button = kitchen.getByRole("button", { name: "86 Dish out" });

  await button.tap();
  await expect(asked).toBeVisible();
  await expect(button).toHaveAttribute("aria-pressed", "true");
  await one.getByRole("button", { name: "Done", exact: true }).tap();
  await expect(asked).toBeHidden();
  await expect(veil(kitchen, "1"), "it only took the question back").toBeHidden();

  await button.tap();
  await one.getByRole("button", { name: /trout/i }).tap();
  await expect(asked).toBeHidden();
  const row = guest.page.getByRole("listitem").filter({ hasText: "Trout in butter" });
  await expect(row).toContainText("Sold out", { timeout: 2000 });
  await expect(one.getByRole("button", { name: /trout/i })).toHaveAttribute("aria-pressed", "false");
  await kitchen.getByRole("button", { name: "Undo" }).tap();
  await expect(guest.page.getByRole("button", { name: "Add Trout in butter" })).toBeVisible({
    timeout: 2000,
  });

  await button.tap();
  await kitchen.getByRole("button", { name: "The whole menu" }).tap();
  await expect(kitchen.getByRole("dialog", { name: "What is sold out?" })).toBeVisible();
});

test("a silent screen says so, and letters grow", async ({ visitors }) => {
  const kitchen = await visitors.screen("kitchen");
  await visitors.cook("8", [dishes.trout]);
  const blocked = kitchen.getByRole("button", { name: "Sound is off – touch here" });
  await expect(blocked).toBeVisible();
  await blocked.click();
  await expect(blocked).toBeHidden();

  const dish = ticket(kitchen, "8").getByText(/trout/i);
  const before = (await dish.boundingBox())!.height;
  await kitchen.getByRole("button", { name: "Settings" }).click();
  const settings = kitchen.getByRole("dialog", { name: "Settings" });
  await settings.getByRole("button", { name: "Bigger, fewer columns" }).click();
  await settings.getByRole("button", { name: "Deutsch" }).click();
  await kitchen.keyboard.press("Escape");
  const german = kitchen.getByRole("article", { name: "Tisch 8" });
  await expect(german).toBeVisible();
  expect((await german.getByText(/trout/i).boundingBox())!.height).toBeGreaterThan(before);
  await kitchen.reload();
  await expect(german, "the screen remembers").toBeVisible();
});

test("a rejected order tells the guest why", async ({ house, visitors }) => {
  const kitchen = await visitors.screen("kitchen");
  const guest = new Phone(await visitors.guest(house.printed("9")));
  await guest.add("Bruschetta");
  await guest.review();
  await guest.send.click();
  await kitchen.getByRole("button", { name: "Reject" }).click();
  await kitchen.getByRole("dialog").getByRole("button", { name: "Too much to do right now" }).click();
  await expect(guest.card("Not accepted")).toContainText("Reason: Too much to do right now");
});
