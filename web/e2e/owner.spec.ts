import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { burger, dishes } from "./api";
import { expect, tablet, test } from "./fixtures";
import { Phone } from "./phone";

/** Goes to a section of the owner's page. */
async function section(owner: Page, name: string): Promise<void> {
  await owner.getByRole("navigation", { name: "Sections" }).getByRole("link", { name }).click();
  await expect(owner.getByRole("heading", { name, level: 1 })).toBeVisible();
}

test("signing in, and how the house is, in words", async ({ house, visitors }) => {
  const owner = await visitors.page(tablet);
  await owner.goto(`${house.url}/owner`);
  await owner.getByLabel("Six digits").fill("000000");
  await owner.getByRole("button", { name: "Sign in" }).click();
  await expect(owner.getByRole("alert")).toContainText("This code is not right");
  await owner.getByLabel("Six digits").fill(house.codes.owner);
  await owner.getByRole("button", { name: "Sign in" }).click();

  await expect(owner.getByRole("heading", { name: "Overview" })).toBeVisible();
  for (const [name, kind] of [
    ["Tag readers", ""],
    ["counter", "Display"],
    ["Telegram", "Messenger"],
  ]) {
    const part = owner
      .getByRole("listitem")
      .filter({ hasText: new RegExp(name!, "i") })
      .filter({ hasText: kind! });
    await expect(part.first()).toContainText("Works");
  }
  await house.line("off");
  const telegram = owner
    .getByRole("listitem")
    .filter({ hasText: "Messenger" })
    .filter({ hasText: /telegram/i });
  await expect(telegram).toContainText(/Does not work|Works with trouble/, { timeout: 30_000 });
  await house.line("on");
  await expect(telegram).not.toContainText(/Does not work|Works with trouble/, { timeout: 60_000 });

  const reader = owner.getByRole("listitem").filter({ hasText: "Tag readers" });
  await house.reader("off");
  await expect(reader).toContainText("No tag reader is connected");
  await house.reader("on");
  await expect(reader).not.toContainText("No tag reader is connected");
});

test("tables: added in one go, renamed, printed, and given new codes", async ({ house, visitors }) => {
  const owner = await visitors.screen("owner", tablet);
  await section(owner, "Tables");
  await owner.getByRole("button", { name: "Add tables" }).click();
  await owner.getByRole("textbox", { name: "Which ones?" }).fill("7, 20-25");
  await expect(owner.getByText("Already there and left out: 7")).toBeVisible();
  await owner.getByRole("button", { name: "Add 6 tables" }).click();
  await expect(owner.getByRole("dialog")).toBeHidden();
  await owner.getByRole("button", { name: /^25/ }).click();
  await owner.getByRole("textbox", { name: "Name" }).fill("Garden 1");
  await owner.getByRole("button", { name: "Save" }).click();
  await owner.keyboard.press("Escape");
  await expect(owner.getByRole("button", { name: /^Garden 1/ })).toBeVisible();

  await owner.getByRole("button", { name: /^Garden 1/ }).click();
  const address = owner.getByRole("dialog").getByText(`${house.url}/t/`);
  const before = (await address.textContent())!.trim();
  const guest = await visitors.guest(before);
  await expect(guest.getByText("Garden 1")).toBeVisible();
  await owner.getByRole("button", { name: "Make a new code" }).click();
  await owner
    .getByRole("dialog", { name: /Make a new code for/ })
    .getByRole("button", { name: "Make a new code" })
    .click();
  await expect(address).not.toHaveText(before);
  const next = await visitors.guest(before);
  await expect(next.getByRole("heading", { name: "We don't know this code" })).toBeVisible();
  await next.goto((await address.textContent())!.trim());
  await expect(next.getByText("Garden 1")).toBeVisible();
  await owner.keyboard.press("Escape");

  await owner.getByRole("button", { name: "Print codes" }).click();
  await expect(owner.getByRole("img", { name: house.printed("7") })).toBeVisible();
  await owner.emulateMedia({ media: "print" });
  await expect(owner.getByRole("button", { name: "Print", exact: true })).toBeHidden();
  await expect(owner.getByRole("navigation", { name: "Sections" })).toBeHidden();
  expect((await owner.pdf({ format: "A4" })).subarray(0, 5).toString()).toBe("%PDF-");
});

test("the menu: errors point at lines, publishing, and a round trip", async ({ house, visitors }) => {
  const owner = await visitors.screen("owner", tablet);
  const guest = new Phone(await visitors.guest(house.printed("1")));
  await section(owner, "Menu");
  const download = owner.waitForEvent("download");
  await owner.getByRole("button", { name: "YAML" }).click();
  const yaml = await readFile(await (await download).path(), "utf8");

  await owner.getByRole("button", { name: "Bring in a menu" }).click();
  const text = owner.getByRole("textbox", { name: "Or put its text here" });
  const lines = yaml.split("\n");
  const bad = lines.findIndex((line) => /^\s*price: 690$/.test(line));
  await text.fill(lines.with(bad, lines[bad]!.replace("690", "-5")).join("\n"));
  await owner.getByRole("button", { name: "Check" }).click();
  await expect(owner.getByText("1 thing to put right")).toBeVisible();
  await expect(owner.getByRole("button", { name: "Publish", exact: true })).toBeDisabled();
  await owner.getByRole("button", { name: new RegExp(`^Line ${bad + 1}\\b`) }).click();
  await expect(text).toBeFocused();

  await text.fill(yaml.replace("price: 690", "price: 715"));
  await owner.getByRole("button", { name: "Check" }).click();
  await expect(owner.getByText("The menu is sound")).toBeVisible();
  await owner.getByRole("button", { name: "Publish", exact: true }).click();
  await owner.getByRole("dialog").getByRole("button", { name: "Publish", exact: true }).click();
  await expect(owner.getByText(/^Version 2/).first()).toBeVisible();
  await expect(guest.page.getByText("€7.15")).toBeVisible();

  const again = owner.waitForEvent("download");
  await owner.getByRole("button", { name: "YAML" }).click();
  const out = await readFile(await (await again).path(), "utf8");
  expect(out.replace(/^(version|published):.*\n/gm, "")).toBe(
    yaml.replace(/^(version|published):.*\n/gm, "").replace("price: 690", "price: 715"),
  );
});

test("stock: counted down to sold out, and back", async ({ house, visitors }) => {
  const owner = await visitors.screen("owner", tablet);
  const guest = new Phone(await visitors.guest(house.printed("2")));
  await section(owner, "Stock");
  await owner.getByRole("searchbox", { name: "Search the menu" }).fill("trout");
  const row = owner.getByRole("listitem").filter({ hasText: "Trout in butter" });
  await row.getByRole("button", { name: "Count down" }).click();
  await row.getByRole("spinbutton", { name: "How many are left of Trout in butter" }).fill("1");
  await row.getByRole("spinbutton").press("Tab");
  const dish = guest.page.getByRole("listitem").filter({ hasText: "Trout in butter" });
  await expect(dish).toContainText("Only 1 left");
  await visitors.cook("3", [dishes.trout]);
  await expect(dish).toContainText("Sold out");
  await expect(row.getByRole("switch", { name: "Trout in butter" })).toHaveAttribute("aria-checked", "false");
  await row.getByRole("switch", { name: "Trout in butter" }).click();
  await expect(guest.page.getByRole("button", { name: "Add Trout in butter" })).toBeVisible();
});

test("screens: one comes, and loses its line when it is removed", async ({ house, visitors }) => {
  const owner = await visitors.screen("owner", tablet);
  await section(owner, "Screens");
  await owner.getByRole("button", { name: "Connect a screen" }).click();
  await owner.getByRole("radio", { name: /Kitchen screen/ }).check();
  await owner.getByRole("checkbox", { name: "Bar" }).check();
  await owner.getByRole("button", { name: "Make a code" }).click();
  const code = (await owner.getByText(/^\d{3} \d{3}$/).textContent())!.replace(/\D/g, "");

  const kitchen = await visitors.page();
  await kitchen.goto(`${house.url}/kitchen`);
  await kitchen.getByLabel("Six digits").fill(code);
  await kitchen.getByRole("textbox", { name: /^Name of this screen/ }).fill("Bar screen");
  await kitchen.getByRole("button", { name: "Connect" }).click();
  await expect(kitchen.getByRole("button", { name: "Bar" })).toBeVisible();
  await visitors.cook("4", [dishes.trout]);
  await expect(kitchen.getByText("0 tickets"), "the grill's work is not the bar's").toBeVisible();

  await expect(owner.getByText("Bar screen is connected")).toBeVisible();
  await owner.getByRole("button", { name: "Remove: Bar screen" }).click();
  await owner.getByRole("dialog").getByRole("button", { name: "Remove", exact: true }).click();
  await expect(kitchen.getByRole("alert")).toContainText("This screen was removed on the owner's page.");
  await expect(owner.getByRole("button", { name: "Remove: Bar screen" })).toHaveCount(0);
});

test("the floor: bill, a payment, a line taken off, and closed with a reason", async ({
  house,
  visitors,
}) => {
  const owner = await visitors.screen("owner", tablet);
  const guest = new Phone(await visitors.guest(house.printed("5")));
  await section(owner, "Floor");
  await guest.add("Bruschetta");
  await guest.review();
  await guest.send.click();
  await owner.getByRole("button", { name: "Accept" }).click();
  await visitors.cook("5", [burger, dishes.trout]);

  await owner.getByRole("button", { name: "Bill and orders" }).click();
  const visit = owner.getByRole("dialog", { name: "Table 5" });
  await expect(visit.getByText("€43.70").first()).toBeVisible();
  await visit
    .getByRole("group")
    .filter({ hasText: "Trout" })
    .getByRole("button", { name: "Cancel something" })
    .click();
  await owner.getByRole("button", { name: "Take one Trout in butter off" }).click();
  await owner.getByRole("radio", { name: "The kitchen cannot make it" }).check();
  await owner.getByRole("button", { name: "Cancel", exact: true }).last().click();
  await expect(visit.getByText("€21.80").first()).toBeVisible();

  await visit.getByRole("textbox", { name: "Amount" }).fill("10");
  await visit.getByRole("button", { name: "Cash" }).click();
  await expect(visit.getByText("Still to pay")).toBeVisible();
  await expect(visit.getByRole("textbox", { name: "Amount" })).toHaveValue(/11[.]80/);
  await expect(visit.getByRole("button", { name: "Close the table" }), "food is on the fire").toBeDisabled();
  await expect(visit.getByText("Orders are still in the kitchen.", { exact: false })).toBeVisible();

  const kitchen = await visitors.screen("kitchen");
  for (const dish of ["Bruschetta", "BURGER"])
    await kitchen
      .getByRole("article")
      .filter({ hasText: dish })
      .getByRole("button", { name: /^Ticket/ })
      .click();
  for (const order of [1, 2]) await kitchen.getByRole("button", { name: `Served: ${order}` }).click();
  await visit.getByRole("button", { name: "Close the table" }).click();
  const why = owner.getByRole("dialog", { name: "Close the table" });
  await expect(why).toContainText("€11.80 are not paid");
  await expect(why.getByRole("button", { name: "Close the table" })).toBeDisabled();
  await why.getByRole("radio", { name: "On the house" }).check();
  await why.getByRole("button", { name: "Close the table" }).click();
  await expect(owner.getByText("Nobody sits at a table yet")).toBeVisible();
  await guest.tab("Menu");
  await expect(guest.page.getByText("This visit has ended.", { exact: false })).toBeVisible();
});
