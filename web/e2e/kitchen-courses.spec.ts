import type { Locator, Page } from "@playwright/test";
import { burger, dishes } from "./api";
import { expect, tablet, test, wall } from "./fixtures";

test.use({ kitchen: { hold_courses: true } });

const ticket = (page: Page, table: string): Locator =>
  page.getByRole("article", { name: `Table ${table}`, exact: true });
const lane = (page: Page): Locator => page.getByRole("region", { name: "Coming up" });
/** A starter from the cold kitchen, then a main course from the grill. */
const courses = [dishes.bruschetta, burger];

test("a held course stands apart, is counted, and is fired with one touch that can be taken back", async ({
  visitors,
}) => {
  const kitchen = await visitors.screen("kitchen", wall);
  await visitors.cook("3", courses);
  await expect(ticket(kitchen, "3")).toHaveCount(1);
  await expect(ticket(kitchen, "3")).toContainText("Bruschetta");
  await expect(ticket(kitchen, "3")).toContainText("Course 1");
  await expect(kitchen.getByText("1 ticket · 1 held")).toBeVisible();
  await expect(lane(kitchen)).toContainText("Course 2");
  await expect(lane(kitchen)).toContainText("by hand");

  await lane(kitchen)
    .getByRole("button", { name: /^Fire / })
    .click();
  await expect(lane(kitchen)).toBeHidden();
  await expect(ticket(kitchen, "3")).toHaveCount(2);
  await kitchen.getByRole("status").getByRole("button", { name: "Undo" }).click();
  await expect(lane(kitchen)).toContainText("Course 2");
  await expect(ticket(kitchen, "3")).toHaveCount(1);
  await kitchen.reload();
  await expect(lane(kitchen), "the device knows it too").toContainText("Course 2");
});

test("keys: hold, fire from the list, rush and no rush", async ({ visitors }) => {
  const kitchen = await visitors.screen("kitchen", { ...tablet, viewport: { width: 1280, height: 800 } });
  for (const table of ["1", "2", "3"]) await visitors.cook(table, [dishes.trout]);
  await expect(ticket(kitchen, "3")).toBeVisible();

  await kitchen.keyboard.press("3");
  await kitchen.keyboard.press("p");
  const first = kitchen.getByRole("list").first().getByRole("article").first();
  await expect(first).toContainText("Table 3");
  await expect(first).toContainText("Rush");
  await kitchen.keyboard.press("p");
  await expect(kitchen.getByRole("article").first()).toContainText("Table 1");

  await kitchen.keyboard.press("2");
  await kitchen.keyboard.press("h");
  await expect(ticket(kitchen, "2")).toHaveCount(0);
  await expect(lane(kitchen)).toContainText("Table 2");
  await kitchen.keyboard.press("f");
  const dialog = kitchen.getByRole("dialog", { name: "Coming up" });
  await expect(dialog.getByRole("button", { name: /^Fire / })).toBeFocused();
  await kitchen.keyboard.press("Enter");
  await expect(dialog).toContainText("Nothing is held back.");
  await kitchen.keyboard.press("Backspace");
  await expect(ticket(kitchen, "2")).toBeVisible();
});

test("held dishes are told apart in the totals", async ({ visitors }) => {
  const kitchen = await visitors.screen("kitchen");
  await visitors.cook("1", courses);
  await visitors.cook("2", [burger]);
  await expect(lane(kitchen)).toBeVisible();
  await kitchen.getByRole("button", { name: "All day" }).click();
  const row = kitchen.getByRole("dialog").getByRole("listitem").filter({ hasText: "BURGER" });
  await expect(row).toContainText("1");
  await expect(row).toContainText("+ 1 held");
});

test("dropped: it is made again on the fly, before everything else", async ({ visitors }) => {
  const kitchen = await visitors.screen("kitchen");
  await visitors.cook("4", [dishes.trout]);
  await visitors.cook("5", [dishes.risotto]);
  await ticket(kitchen, "5").getByRole("button", { name: "Done", exact: true }).click();
  await kitchen.getByRole("button", { name: "Recall" }).click();
  await kitchen.getByRole("button", { name: /^Make again/ }).click();
  const dialog = kitchen.getByRole("dialog", { name: /^Make again/ });
  await dialog.getByRole("button", { name: "Dropped" }).click();
  await expect(dialog).toBeHidden();
  const again = kitchen.getByRole("article").filter({ hasText: "On the fly" });
  await expect(again).toContainText("Dropped");
  await expect(again).toContainText(/risotto/i);
  await expect(kitchen.getByRole("article").first()).toContainText("On the fly");
});

test("a course fires by itself, and the lane says when", async ({ house, visitors }) => {
  const owner = await house.owner();
  const kitchen = await visitors.screen("kitchen");
  await owner.ask("PUT", "/api/owner/pace", { channel: "all", state: "slow", delay_seconds: 60 });
  await visitors.cook("6", [dishes.trout]);
  await expect(lane(kitchen)).toContainText(/fires in 0:\d\d/);
  await expect(kitchen.getByText("0 tickets · 1 held")).toBeVisible();
});
