import { dishes, type Api } from "./api";
import { expect, phone, test } from "./fixtures";
import { Phone } from "./phone";

/** Publishes the house's menu again with something changed in its text. */
async function change(owner: Api, from: string | RegExp, to: string): Promise<void> {
  const menu = await owner.ask<string>("GET", "/api/owner/menu?format=yaml");
  expect(menu).toMatch(from);
  await owner.ask("POST", "/api/owner/menu", menu.replace(from, to), "application/yaml");
}

test("another language keeps what was chosen", async ({ house, visitors }) => {
  const page = await visitors.guest(house.printed("1"));
  await page.getByRole("button", { name: "Add Burrata with peach" }).click();
  await page.getByRole("button", { name: "Choose your language" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Deutsch" }).click();
  await page.getByRole("button", { name: /Bestellung prüfen/ }).click();
  await expect(page.getByRole("listitem").filter({ hasText: "Burrata mit Pfirsich" })).toContainText("11,50");
  await expect(page.locator("html")).toHaveAttribute("lang", "de");
  await page.reload();
  await expect(page.getByRole("button", { name: /Bestellung prüfen|Jetzt bestellen/ })).toBeVisible();
});

test("the price changed and a dish ran out while the guest was choosing", async ({ house, visitors }) => {
  const owner = await house.owner();
  const guest = new Phone(await visitors.guest(house.printed("2")));
  await guest.add("Bruschetta");
  await guest.add("Burrata with peach");
  // A phone that just lost its line does not hear of the news.
  await guest.page.routeWebSocket("**/api/guest/live", () => {});
  await guest.page.reload();
  await guest.review();
  await change(owner, /price: 690\b/, "price: 720");
  await owner.ask("PUT", "/api/owner/stock", { key: "burrata", sold_out: true });
  await guest.send.click();

  const sheet = guest.page.getByRole("dialog", { name: "The menu has changed" });
  await expect(sheet).toContainText("Bruschetta now costs €7.20 instead of €6.90");
  await expect(sheet).toContainText("Burrata with peach is sold out");
  await sheet.getByRole("button", { name: "Accept changes" }).click();
  await expect(guest.send).toContainText("€7.20");
  await guest.send.click();
  await expect(guest.card("Waiting for the staff")).toContainText("€7.20");
});

test("what a guest avoids is hidden, what nobody knows says so", async ({ house, visitors }) => {
  const guest = new Phone(await visitors.guest(house.printed("3")));
  await expect(guest.page.getByRole("button", { name: "Add Burrata with peach" })).toBeVisible();
  await guest.page.getByRole("button", { name: "Filters" }).click();
  await guest.sheet.getByRole("button", { name: "Milk" }).click();
  await guest.sheet.getByRole("button", { name: /^Show \d+ dishes/ }).click();
  await expect(guest.page.getByRole("button", { name: "Add Burrata with peach" })).toHaveCount(0);
  await expect(guest.page.getByRole("listitem").filter({ hasText: "Soup of the day" })).toContainText(
    "ask us",
  );
  await guest.add("Bruschetta");
  await guest.review();
  await guest.page.getByRole("button", { name: "Take over from “I avoid”" }).click();
  await expect(guest.page.getByText("You declare: Milk")).toBeVisible();
  await guest.send.click();
  const kitchen = await visitors.screen("kitchen");
  await kitchen.getByRole("button", { name: "Accept" }).click();
  await expect(kitchen.getByRole("article")).toContainText("Milk");
});

test("back closes sheets and pages, and keeps the cart", async ({ house, visitors }) => {
  const guest = new Phone(await visitors.guest(house.printed("4")));
  await guest.add("Bruschetta");
  await guest.choose("House burger");
  await guest.page.goBack();
  await expect(guest.sheet).toBeHidden();
  await guest.review();
  await guest.page.goBack();
  await expect(guest.page.getByRole("heading", { name: "Starters" })).toBeVisible();
  await guest.page.reload();
  await expect(guest.page.getByRole("button", { name: /Review order/ })).toContainText("€6.90");
});

test("keys alone are enough", async ({ house, visitors }) => {
  const page = await visitors.guest(house.printed("5"), {
    viewport: { width: 900, height: 800 },
    locale: "en-GB",
  });
  const guest = new Phone(page);
  await page.getByRole("button", { name: "Choose House burger", exact: true }).focus();
  await page.keyboard.press("Enter");
  await expect(guest.sheet).toBeVisible();
  await guest.sheet.getByRole("radio", { name: "Rare" }).focus();
  await page.keyboard.press("ArrowDown");
  await expect(guest.sheet.getByRole("radio", { name: "Medium" })).toBeChecked();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  await expect(guest.sheet.getByRole("radio", { name: "French fries" })).toBeChecked();
  await page.keyboard.press("Escape");
  await expect(guest.sheet).toBeHidden();
  await expect(
    page.getByRole("button", { name: "Choose House burger", exact: true }),
    "focus returns",
  ).toBeFocused();
});

test("small phones and large letters: nothing runs off the side", async ({ house, visitors }) => {
  const small = { ...phone, viewport: { width: 360, height: 740 } };
  const guest = new Phone(await visitors.guest(house.printed("6"), small));
  const fits = async (where: string) => {
    const width = await guest.page.evaluate(() => document.documentElement.scrollWidth);
    expect(width, where).toBeLessThanOrEqual(360);
  };
  const walk = async (how: string) => {
    await fits(`menu, ${how}`);
    await guest.choose("House burger");
    await fits(`sheet, ${how}`);
    await guest.page.keyboard.press("Escape");
    await guest.review();
    await fits(`review, ${how}`);
    await guest.page.goBack();
    await guest.tab("Service");
    await fits(`service, ${how}`);
    await guest.tab("Menu");
  };
  await guest.add("Bruschetta");
  await walk("as it is");
  await guest.page.evaluate(() => (document.documentElement.style.fontSize = "200%"));
  await walk("at 200 %");
});

test("codes that do not work say what to do", async ({ house, visitors }) => {
  const page = await visitors.guest(`${house.url}/t/AAAAAAAAAAAAAAAAAAAAAA`);
  await expect(page.getByRole("heading", { name: "We don't know this code" })).toBeVisible();

  const owner = await house.owner();
  const { tables } = await owner.ask<{ tables: { table: { id: string; name: string } }[] }>(
    "GET",
    "/api/owner/tables",
  );
  const eight = tables.find((t) => t.table.name === "8")!.table.id;
  const old = house.printed("8");
  const seated = await visitors.guest(old);
  await expect(seated.getByRole("heading", { name: "Starters" })).toBeVisible();
  await owner.ask("POST", `/api/owner/tables/${eight}/token`, { medium: "qr" });
  await page.goto(old);
  await expect(page.getByRole("heading", { name: "We don't know this code" })).toBeVisible();
  await page.goto(`${house.url}/t`);
  await expect(page.getByRole("heading", { name: "Scan the code on your table" })).toBeVisible();
});

test("a locked table reads, asks for staff, and orders again once it is open", async ({
  house,
  visitors,
}) => {
  const owner = await visitors.screen("owner");
  const guest = new Phone(await visitors.guest(house.printed("9")));
  await guest.add("Bruschetta");
  await owner.getByRole("link", { name: /Floor/ }).click();
  await owner.getByRole("button", { name: "Bill and orders" }).click();
  await owner.getByRole("button", { name: "Stop ordering" }).click();
  await expect(
    guest.page.getByText("Ordering at this table is stopped for now.", { exact: false }),
  ).toBeVisible();
  await guest.page.getByRole("button", { name: "Call staff" }).click();
  await guest.page.getByRole("button", { name: "Call staff" }).click();
  await expect(guest.page.getByText("Asked for – someone is coming")).toBeVisible();
  await owner.getByRole("button", { name: "Allow ordering" }).click();
  await owner.keyboard.press("Escape");
  await owner.getByRole("article").getByRole("button", { name: "Done" }).click();
  await expect(guest.page.getByText("Asked for – someone is coming")).toBeHidden();
  await guest.tab("Menu");
  await guest.review();
  await guest.send.click();
  await expect(guest.card("Waiting for the staff")).toBeVisible();
});

test("an order is taken back while it waits, and the bill is asked for", async ({ house, visitors }) => {
  const guest = new Phone(await visitors.guest(house.printed("10")));
  await guest.add("Bruschetta");
  await guest.review();
  await guest.send.click();
  await guest.card("Waiting for the staff").getByRole("button", { name: "Take back" }).click();
  await expect(guest.card("Cancelled")).toBeVisible();

  await visitors.cook("10", [dishes.trout]);
  await guest.page.getByRole("button", { name: /See the bill/ }).click();
  await expect(guest.page.getByRole("heading", { name: "Bill so far" })).toBeVisible();
  await guest.page.getByRole("button", { name: "Ask for the bill" }).click();
  await expect(guest.page.getByRole("button", { name: "Asked for – someone is coming" })).toBeDisabled();
});
