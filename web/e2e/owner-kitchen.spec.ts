import { readFile } from "node:fs/promises";
import { join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { dishes } from "./api";
import { Cook } from "./cook";
import { expect, phone, tablet, test } from "./fixtures";
import { Phone } from "./phone";

test.use({ kitchen: { hold_courses: true, guests_call_next: true, unseen_after: "2s" } });

const folder = join(import.meta.dirname, "../test-results/screens");

/** A picture to look at, and no rule of accessibility broken on it. */
async function look(page: Page, name: string, full = false): Promise<void> {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.screenshot({ path: join(folder, `${name}.png`), animations: "disabled", fullPage: full });
  const { violations } = await new AxeBuilder({ page }).disableRules("target-size").analyze();
  expect
    .soft(
      violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 160)).join(" | ")}`),
      name,
    )
    .toEqual([]);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect.soft(wide, `${name} runs off the side`).toBeLessThanOrEqual(0);
}

const station = (owner: Page, name: string) =>
  owner
    .getByRole("region", { name: "Right now" })
    .getByRole("listitem")
    .filter({ has: owner.getByRole("heading", { name, exact: true }) });

test("the stations as they stand, and an alarm for tickets that nobody sees", async ({ visitors }) => {
  const owner = await visitors.screen("owner", tablet);
  await owner.getByRole("link", { name: "Kitchen", exact: true }).click();
  await expect(owner.getByRole("heading", { name: "Kitchen", level: 1 })).toBeVisible();
  await expect(station(owner, "Grill")).toContainText("All is well");
  await expect(owner.getByText("Nothing was finished on this day.")).toBeVisible();
  await look(owner, "owner-kitchen-1-empty", true);

  await visitors.cook("1", [dishes.trout, dishes.soup]);
  const alarm = owner.getByRole("alert").filter({ hasText: "Grill: 1 ticket is on no screen" });
  await expect(alarm).toContainText("No screen of this station is connected.", { timeout: 15_000 });
  await expect(station(owner, "Grill")).toContainText("1 ticket on no screen");
  await expect(station(owner, "Grill").getByRole("definition").first()).toHaveText("1");
  await look(owner, "owner-kitchen-2-unseen", true);
  await owner.getByRole("link", { name: "Stock", exact: true }).click();
  await expect(alarm, "wherever the owner looks").toBeVisible();
  await alarm.getByRole("link", { name: "To the kitchen" }).click();

  const cook = await Cook.at(visitors);
  await expect(alarm).toHaveCount(0, { timeout: 15_000 });
  await expect(station(owner, "Grill")).toContainText("1 screen");
  await cook.finish("1");
  await expect(station(owner, "Grill").getByRole("definition").first()).toHaveText("0");
});

test("the brake: one channel slow, all paused, ended with one press and undone", async ({
  house,
  visitors,
}) => {
  const owner = await visitors.screen("owner", tablet);
  const guest = new Phone(await visitors.guest(house.printed("3")));
  await owner.goto(`${house.url}/owner#kitchen`);
  const brake = owner.getByRole("region", { name: "Brake" });
  const row = (name: string) => brake.getByRole("listitem").filter({ hasText: name });
  await expect(row("Web")).toContainText("Takes orders");

  // Keys alone are enough.
  await brake.getByRole("button", { name: "Slow or pause: Web" }).focus();
  await owner.keyboard.press("Enter");
  const dialog = owner.getByRole("dialog", { name: "Brake: Web" });
  await expect(dialog.getByRole("radio", { name: "10 minutes later" })).toBeChecked();
  await dialog.getByRole("radio", { name: "10 minutes later" }).focus();
  await owner.keyboard.press("ArrowDown");
  await expect(dialog).toContainText("New orders are fired 15 minutes later.");
  await look(owner, "owner-kitchen-3-brake");
  await dialog.getByRole("button", { name: "Slow down" }).press("Enter");
  await expect(dialog).toBeHidden();
  await expect(row("Web")).toContainText(/Slow: 15 minutes later until \d\d:\d\d/);
  await expect(guest.page.getByText("it takes longer than usual")).toBeVisible();

  await brake.getByRole("button", { name: "Slow or pause: All channels" }).click();
  const all = owner.getByRole("dialog", { name: "Brake: All channels" });
  await all.getByRole("radio", { name: "No orders at all" }).check();
  await all.getByRole("radio", { name: "Until I end it" }).check();
  await expect(all).toContainText("Their choice is kept, and they can call staff.");
  await all.getByRole("button", { name: "Pause", exact: true }).click();
  await expect(row("Web")).toContainText("Paused · through “All channels”");
  await expect(guest.page.getByText("The kitchen takes a short break.")).toBeVisible();
  await look(owner, "owner-kitchen-4-paused", true);

  await brake.getByRole("button", { name: "End now: All channels" }).click();
  await expect(row("Web"), "its own brake is still on").toContainText("Slow: 15 minutes later");
  await brake.getByRole("button", { name: "End now: Web" }).click();
  await expect(guest.page.getByText("longer than usual")).toHaveCount(0);
  await owner.getByRole("button", { name: "Undo" }).last().click();
  await expect(row("Web")).toContainText("Slow: 15 minutes later");
});

test("the numbers of a day: by station and hour, as a file, and of days without any", async ({
  house,
  visitors,
}) => {
  const cook = await Cook.at(visitors);
  await visitors.cook("1", [dishes.trout, dishes.trout]);
  await visitors.cook("2", [{ item: "espresso", quantity: 3 }]);
  await cook.finish("1");
  await cook.finish("2");
  await visitors.cook("4", [dishes.risotto]);
  await cook.finish("4");
  const owner = await visitors.screen("owner", tablet);
  await owner.goto(`${house.url}/owner#kitchen`);
  const day = owner.getByRole("region", { name: "Times of a day" });
  const line = (name: string) => day.getByRole("row").filter({ has: owner.getByRole("rowheader", { name }) });
  await expect(line("Grill").getByRole("cell").first()).toHaveText("2");
  await expect(line("Bar").getByRole("cell").last()).toHaveText("0%");
  await day.getByRole("button", { name: "Bar" }).click();
  await expect(day.getByRole("button", { name: "Bar" })).toHaveAttribute("aria-pressed", "true");
  await day.getByText("The same as a table").click();
  await expect(day.getByRole("table").last().getByRole("row")).toHaveCount(2);
  await look(owner, "owner-kitchen-5-day", true);

  const file = owner.waitForEvent("download");
  await day.getByRole("button", { name: "Download CSV" }).click();
  const saved = await file;
  expect(saved.suggestedFilename()).toMatch(/^kitchen-times-\d{4}-\d\d-\d\d\.csv$/);
  const rows = (await readFile(await saved.path(), "utf8")).trim().split("\n");
  expect(rows[0]).toBe("business_day,station,hour,tickets,p50_seconds,p90_seconds,late,late_share");
  expect(rows.some((row) => /,grill,all,2,/.test(row))).toBe(true);

  const today = await day.getByLabel("Business day").inputValue();
  await expect(day.getByRole("button", { name: "The day after" })).toBeDisabled();
  await day.getByRole("button", { name: "The day before" }).click();
  await expect(day.getByText("Nothing was finished on this day.")).toBeVisible();
  await expect(day.getByLabel("Business day")).not.toHaveValue(today);
  await day.getByRole("button", { name: "Today" }).click();
  await expect(line("Grill")).toBeVisible();
});

test("the chart of a busy evening, read as a table, on a phone and a desk", async ({ house, visitors }) => {
  const times = (tickets: number, p50: number, p90: number, late: number) => ({
    tickets,
    p50_seconds: p50,
    p90_seconds: p90,
    late,
  });
  const evening = [17, 18, 19, 20, 21, 22].map((h, i) => ({
    hour: `2026-11-20T${h}:00:00.000Z`,
    times: times([6, 19, 38, 44, 21, 4][i]!, 300 + i * 70, 520 + i * 110, [0, 1, 5, 9, 4, 0][i]!),
  }));
  for (const [name, options] of [
    ["desk", tablet],
    ["phone", { ...phone, colorScheme: "dark" as const }],
  ] as const) {
    const owner = await visitors.screen("owner", options);
    await owner.route("**/api/owner/kitchen", async (route) => {
      const body = await (await route.fetch()).json();
      body.times = [
        { station: "grill", all: times(132, 560, 1010, 19), hours: evening },
        { station: "bar", all: times(204, 75, 160, 2), hours: evening.slice(1) },
      ];
      await route.fulfill({ json: body });
    });
    await owner.goto(`${house.url}/owner#kitchen`);
    const day = owner.getByRole("region", { name: "Times of a day" });
    await expect(day.getByRole("row").nth(1)).toContainText("Grill");
    await expect(day.getByRole("row").nth(1).getByRole("cell").last()).toHaveText("14%");
    await day.getByRole("button", { name: "Grill" }).click();
    await day.getByText("The same as a table").click();
    await expect(day.getByRole("table").last().getByRole("row")).toHaveCount(7);
    await day.scrollIntoViewIfNeeded();
    await look(owner, `owner-kitchen-9-evening-${name}`, true);
  }
});

test("held courses on the floor are fired from there, in German on a phone", async ({ house, visitors }) => {
  const cook = await Cook.at(visitors);
  const { order } = await visitors.cook("5", [
    dishes.bruschetta,
    dishes.trout,
    { item: "chocolate-cake", quantity: 1 },
  ]);
  const owner = await visitors.screen("owner", { ...phone, locale: "de-DE" });
  await owner.goto(`${house.url}/owner#floor`);
  const card = owner.getByRole("article").filter({ hasText: "Tisch 5" });
  await expect(card).toContainText("Gänge 2, 3 warten");
  await expect(card).toContainText(/bis \d\d:\d\d/);
  await look(owner, "owner-kitchen-6-floor-de");
  await card.getByRole("button", { name: /^Gang 2 von Bestellung/ }).click();
  await expect(card).toContainText("Gang 3 wartet");
  await expect(owner.getByText(/^Gang 2 von Bestellung .* ist abgerufen$/)).toBeVisible();
  await cook.finish("5");
  await card
    .getByRole("button", { name: "Tisch und Rechnung" })
    .or(card.getByRole("button").last())
    .last()
    .click();
  const visit = owner.getByRole("dialog");
  await expect(visit).toContainText("Gang 3 wartet");
  await look(owner, "owner-kitchen-7-visit-de");
  await visit.getByRole("button", { name: /^Gang 3 von Bestellung/ }).click();
  await expect(visit.getByText("Gang 3 wartet")).toHaveCount(0);
  const floor = await (
    await house.owner()
  ).ask<{ sessions: { orders: { id: string; held_courses?: number[] }[] }[] }>("GET", "/api/owner/floor");
  expect(floor.sessions.flatMap((s) => s.orders).find((o) => o.id === order)?.held_courses ?? []).toEqual([]);
  await owner.keyboard.press("Escape");
  await owner.goto(`${house.url}/owner#kitchen`);
  await expect(owner.getByRole("heading", { name: "Küche", level: 1 })).toBeVisible();
  await expect(owner.getByRole("heading", { name: "Zeiten eines Tages" })).toBeVisible();
  await look(owner, "owner-kitchen-8-phone-de", true);
});
