import type { Page } from "@playwright/test";
import { expect, phone, test } from "./fixtures";
import type { Visitors } from "./fixtures";
import type { House } from "./house";
import { Phone } from "./phone";

/** What the chat of the simulated phone holds, the newest last. */
const messages = (chat: Page) => chat.getByRole("list", { name: "Messages" }).locator(":scope > li");

/** Scans a table's code, chooses Telegram, and starts the conversation. */
async function chatAt(house: House, visitors: Visitors, table: string, locale = "en-GB"): Promise<Page> {
  const chat = await visitors.page({ ...phone, locale });
  await chat.goto(house.printed(table));
  await chat.getByRole("link", { name: /Telegram/ }).click();
  await chat.getByRole("button", { name: "START" }).click();
  return chat;
}

/** Opens the guest page from the chat's button and orders a bruschetta there. */
async function orderFrom(chat: Page, button: string | RegExp): Promise<Phone> {
  const opened = chat.waitForEvent("popup");
  await messages(chat).last().getByRole("link", { name: button }).click();
  const guest = new Phone(await opened);
  await guest.add("Bruschetta");
  await guest.review();
  await guest.send.click();
  return guest;
}

test("one living card tells from accepted to served", async ({ house, visitors }) => {
  const chat = await chatAt(house, visitors, "7");
  await expect(messages(chat)).toContainText(["Welcome to Gasthaus Comanda"]);
  const guest = await orderFrom(chat, /Open the menu/);
  await expect(guest.card("Waiting for the staff")).toBeVisible();

  const card = messages(chat).filter({ hasText: "Order 1 · Table 7" });
  await expect(card).toContainText("Waiting for the staff to confirm.");
  const kitchen = await visitors.screen("kitchen");
  await kitchen.getByRole("button", { name: "Accept" }).click();
  await expect(card).toContainText("Accepted: the kitchen has it.");
  await kitchen.getByRole("button", { name: "Start" }).click();
  await expect(card).toContainText("Being prepared.");
  await kitchen.getByRole("article").getByRole("button", { name: "Done", exact: true }).click();
  await expect(card).toContainText("Ready! It is coming to your table.");
  await expect(messages(chat).filter({ hasText: "Order 1 is ready!" })).toHaveCount(1);
  await kitchen.getByRole("button", { name: /^Served: / }).click();
  await expect(card).toContainText("Served. Enjoy!");
  await expect(card, "it is one card all the time").toHaveCount(1);
});

test("a German guest is spoken to in German", async ({ house, visitors }) => {
  const chat = await chatAt(house, visitors, "3", "de-DE");
  await expect(messages(chat).last()).toContainText("Tisch: 3");
  const opened = chat.waitForEvent("popup");
  await messages(chat).last().getByRole("link").first().click();
  const page = await opened;
  await expect(page.getByRole("heading", { name: "Vorspeisen" })).toBeVisible();
  await page.getByRole("button", { name: "Bruschetta hinzufügen" }).click();
  await page.getByRole("button", { name: /Bestellung prüfen/ }).click();
  await page.getByRole("button", { name: /bestellen · / }).click();
  await expect(messages(chat).filter({ hasText: "Bestellung 1 · Tisch 3" })).toBeVisible();
});

test("the messenger is cut off: the kitchen goes on, the guest hears the newest state once", async ({
  house,
  visitors,
}) => {
  const chat = await chatAt(house, visitors, "5");
  const guest = await orderFrom(chat, /Open the menu/);
  const kitchen = await visitors.screen("kitchen");
  await kitchen.getByRole("button", { name: "Accept" }).click();
  const card = messages(chat).filter({ hasText: "Order 1 · Table 5" });
  await expect(card).toContainText("Accepted");

  await house.line("off");
  await kitchen.getByRole("button", { name: "Start" }).click();
  await kitchen.getByRole("article").getByRole("button", { name: "Done", exact: true }).click();
  await expect(guest.card("Ready"), "the page does not need the messenger").toBeVisible();
  await kitchen.getByRole("button", { name: /^Served: / }).click();
  await expect(guest.card("Served")).toBeVisible();
  await expect(card).toContainText("Accepted");
  const before = await messages(chat).count();

  await house.line("on");
  await expect(card).toContainText("Served. Enjoy!", { timeout: 30_000 });
  await expect(card).toHaveCount(1);
  expect(await messages(chat).count(), "nothing is told that is over").toBe(before);
});

test("who blocked the bot breaks nothing", async ({ house, visitors }) => {
  const chat = await chatAt(house, visitors, "6");
  const guest = await orderFrom(chat, /Open the menu/);
  await expect(messages(chat).filter({ hasText: "Order 1 · Table 6" })).toBeVisible();
  await chat.getByRole("button", { name: "Block" }).click();
  await expect(chat.getByRole("button", { name: "RESTART BOT" })).toBeVisible();

  const kitchen = await visitors.screen("kitchen");
  await kitchen.getByRole("button", { name: "Accept" }).click();
  await kitchen.getByRole("article").getByRole("button", { name: "Done", exact: true }).click();
  await expect(guest.card("Ready")).toBeVisible();

  const other = await chatAt(house, visitors, "8");
  await orderFrom(other, /Open the menu/);
  await expect(messages(other).filter({ hasText: "Order 2 · Table 8" })).toBeVisible();
});

test("words written in the chat call the staff", async ({ house, visitors }) => {
  const chat = await chatAt(house, visitors, "2");
  await expect(messages(chat)).toContainText(["Welcome"]);
  await chat.getByRole("textbox", { name: "Message" }).fill("water");
  await chat.getByRole("button", { name: "Send" }).click();
  await expect(messages(chat).last()).toContainText("Water is on its way.");
  const owner = await visitors.screen("owner", { viewport: { width: 1280, height: 900 }, locale: "en-GB" });
  await owner.getByRole("link", { name: /Floor/ }).click();
  await expect(owner.getByText("Asks for water")).toBeVisible();
});
