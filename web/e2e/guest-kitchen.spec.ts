import { join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { Cook } from "./cook";
import { expect, phone, test } from "./fixtures";
import { Phone } from "./phone";

test.use({ kitchen: { hold_courses: true, guests_call_next: true } });

const folder = join(import.meta.dirname, "../test-results/screens");
const still = { ...phone, contextOptions: { reducedMotion: "reduce" as const } };

/** A picture to look at, and no rule of accessibility broken on it. */
async function look(page: Page, name: string): Promise<void> {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.screenshot({ path: join(folder, `${name}.png`), animations: "disabled" });
  const { violations } = await new AxeBuilder({ page }).disableRules("target-size").analyze();
  expect
    .soft(
      violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 160)).join(" | ")}`),
      name,
    )
    .toEqual([]);
  expect.soft(await page.evaluate(() => document.documentElement.scrollWidth), name).toBeLessThanOrEqual(390);
}

test("three courses, each called by the guest when the table is ready for it", async ({
  house,
  visitors,
}) => {
  const owner = await house.owner();
  const cook = await Cook.at(visitors);
  const guest = new Phone(await visitors.guest(house.printed("7"), still));
  for (const dish of ["Bruschetta", "Trout in butter", "Warm chocolate cake"]) await guest.add(dish);
  await guest.review();
  await expect(guest.page.getByText(/^About \d+–\d+ minutes right now$/)).toBeVisible();
  await look(guest.page, "guest-kitchen-1-quote");
  await guest.send.click();
  await expect(guest.card("Waiting for the staff")).toBeVisible();

  const orders = await owner.ask<{ waiting: { id: string }[] }>("GET", "/api/owner/floor");
  const id = orders.waiting[0]!.id;
  await owner.ask("POST", `/api/owner/orders/${id}/accept`);
  const card = guest.page.getByRole("article");
  const waits = (course: number) => card.getByRole("listitem").filter({ hasText: `Course ${course}` });
  await expect(guest.card("In the kitchen's list")).toBeVisible();
  await expect(card.getByText(/^Expected \d\d:\d\d – \d\d:\d\d/)).toBeVisible();
  await expect(waits(2)).toContainText("Trout in butter · comes later");
  await expect(waits(3)).toContainText("Warm chocolate cake");
  const call = card.getByRole("button", { name: "Next course, please" });
  await expect(call, "the first course is not done").toHaveCount(0);
  await look(guest.page, "guest-kitchen-2-held");

  await cook.finish("7");
  await expect(guest.card("Ready for the next course?")).toBeVisible();
  await expect(waits(2)).toContainText("comes when you call it");
  await look(guest.page, "guest-kitchen-3-call");
  await call.click();
  await expect(guest.page.getByText("The kitchen starts on your next course.")).toBeVisible();
  await expect(waits(2)).toHaveCount(0);
  await expect(waits(3)).toContainText("comes later");
  await expect(call).toHaveCount(0);

  await cook.finish("7");
  await owner.ask("POST", `/api/owner/orders/${id}/serve`);
  await call.click();
  await cook.finish("7");
  await expect(guest.card("Ready")).toBeVisible();
  await owner.ask("POST", `/api/owner/orders/${id}/serve`);
  await expect(guest.card("Served")).toBeVisible();
  await expect(card.getByText("Still to come")).toHaveCount(0);
});

test("a slow kitchen says so, and what it tells is longer by as much", async ({ house, visitors }) => {
  const owner = await house.owner();
  const guest = new Phone(await visitors.guest(house.printed("8"), still));
  const told = async () => {
    const text = guest.page.getByText(/^About .* right now$/);
    await expect(text).toBeVisible();
    return Number(/(\d+) minutes/.exec((await text.textContent())!)![1]);
  };
  await guest.add("Trout in butter");
  await guest.review();
  const before = await told();
  await owner.ask("PUT", "/api/owner/pace", { channel: "web", state: "slow", delay_seconds: 600 });
  await expect(guest.page.getByText("There is a lot to do: it takes longer than usual.")).toBeVisible();
  await guest.page.goBack();
  await guest.review();
  await expect.poll(told).toBeGreaterThanOrEqual(before + 9);
});

test("a break of the kitchen: told before the cart is filled, in German and dark, too", async ({
  house,
  visitors,
}) => {
  const owner = await house.owner();
  const until = new Date(Date.now() + 30 * 60_000).toISOString();
  await owner.ask("PUT", "/api/owner/pace", { channel: "all", state: "paused", until });
  const german = { ...still, locale: "de-DE", colorScheme: "dark" as const };
  const page = await visitors.guest(house.printed("9"), german);
  await expect(page.getByText(/^Die Küche macht bis etwa \d\d:\d\d Pause\./)).toBeVisible();
  await page.getByRole("button", { name: "Bruschetta hinzufügen" }).click();
  await look(page, "guest-kitchen-4-pause-de");
  await page.getByRole("button", { name: /Bestellung prüfen/ }).click();
  await expect(page.getByRole("button", { name: /Jetzt bestellen/ })).toHaveCount(0);
  await look(page, "guest-kitchen-5-pause-review-de");
  await page.getByRole("button", { name: "Personal rufen" }).last().click();
  await page.getByRole("button", { name: "Personal rufen" }).click();
  await expect(
    page
      .getByText("Gerufen", { exact: false })
      .or(page.getByText("Personal", { exact: false }))
      .first(),
  ).toBeVisible();
  await page.goBack();
  await owner.ask("PUT", "/api/owner/pace", { channel: "all", state: "open" });
  await page.getByRole("button", { name: /Jetzt bestellen/ }).click();
  await expect(page.getByRole("heading", { name: "Wartet auf das Personal" })).toBeVisible();
});

test("a phone that has not heard of the break is refused in words, and keeps its cart", async ({
  house,
  visitors,
}) => {
  const owner = await house.owner();
  const guest = new Phone(await visitors.guest(house.printed("10"), still));
  await guest.add("Bruschetta");
  await guest.page.routeWebSocket("**/api/guest/live", () => {});
  await guest.page.reload();
  await guest.review();
  await owner.ask("PUT", "/api/owner/pace", { channel: "web", state: "paused" });
  await guest.send.click();
  await expect(guest.page.getByRole("alert").filter({ hasText: "short break" })).toContainText(
    "Nothing was ordered, your choice is kept.",
  );
  await expect(guest.page.getByRole("button", { name: "Call staff" }).last()).toBeVisible();
  await look(guest.page, "guest-kitchen-6-refused");
  expect((await owner.ask<{ waiting: object[] }>("GET", "/api/owner/floor")).waiting).toEqual([]);
});
