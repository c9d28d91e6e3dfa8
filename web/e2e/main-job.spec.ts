import { expect, phone, tablet, test, wall } from "./fixtures";
import { Phone } from "./phone";

test("from the tag at the table to the plate", async ({ house, visitors }) => {
  const display = await visitors.page({ viewport: { width: 1024, height: 600 }, locale: "en-GB" });
  await display.goto(`${house.url}/display`);
  await display.getByLabel("Six digits").fill(house.codes.display);
  await display.getByRole("button", { name: "Connect" }).click();
  await expect(display.getByRole("heading", { name: "Counter" })).toBeVisible();

  const kitchen = await visitors.page(wall);
  await kitchen.goto(`${house.url}/kitchen`);
  for (const digit of house.codes.kitchen)
    await kitchen
      .getByRole("group", { name: "Digits" })
      .getByRole("button", { name: digit, exact: true })
      .click();
  await kitchen.getByRole("button", { name: "Connect" }).click();
  await expect(kitchen.getByText("All done")).toBeVisible();

  await test.step("a tap is answered on every display", async () => {
    const before = await house.picture();
    await house.tap({ table: "7" });
    await expect(display.getByRole("alert")).toContainText("Table 7");
    await expect.poll(async () => (await house.picture()).equals(before)).toBe(false);
  });

  const guest = new Phone(await visitors.page(phone));
  await test.step("a guest scans the printed code and orders a burger", async () => {
    await guest.page.goto(house.printed("7"));
    await guest.page.getByRole("button", { name: /Stay on this page/ }).click();
    await expect(guest.page.getByText("The staff will confirm your first order at the table.")).toBeVisible();
    await guest.page.getByRole("searchbox", { name: "Search the menu" }).fill("burger");
    await guest.choose("House burger");
    await expect(guest.sheet.getByRole("button", { name: /^Add · / })).toBeDisabled();
    await guest.sheet.getByRole("radio", { name: "Medium" }).check();
    await guest.sheet.getByRole("radio", { name: /Small salad/ }).check();
    await guest.sheet.getByRole("checkbox", { name: /Crisp bacon/ }).check();
    await guest.sheet.getByRole("checkbox", { name: /No onions/ }).check();
    await expect(guest.sheet.getByRole("button", { name: "Add · €18.60" })).toBeEnabled();
    await guest.take();
    await guest.review();
    await expect(guest.page.getByRole("listitem").filter({ hasText: "House burger" })).toContainText(
      "Small salad",
    );
    await guest.send.click();
    await expect(guest.card("Waiting for the staff")).toContainText("House burger");
  });

  const ticket = kitchen.getByRole("article", { name: "Table 7" });
  await test.step("the staff let it through", async () => {
    await expect(kitchen.getByText("1 order waits for staff")).toBeVisible();
    await expect(ticket).toHaveCount(0);
    await kitchen.getByRole("button", { name: "Accept" }).click();
    await expect(ticket.first()).toContainText("BURGER");
    await expect(ticket.first()).toContainText("NO ONION");
    await expect(guest.card("In the kitchen's list")).toBeVisible();
  });

  await test.step("the kitchen works, the guest watches", async () => {
    await ticket.getByRole("button", { name: "Start" }).click();
    await expect(ticket.getByRole("button", { name: "In work" })).toHaveAttribute("aria-pressed", "true");
    await expect(guest.card("Being prepared")).toBeVisible();
    await ticket.getByRole("button", { name: "Done", exact: true }).click();
    await expect(guest.card("Ready")).toBeVisible();
    await kitchen.getByRole("button", { name: /^Served: / }).click();
    await expect(guest.card("Served")).toBeVisible();
    await expect(kitchen.getByText("Nothing is ready to serve.")).toBeVisible();
  });

  await test.step("the second round goes straight to the kitchen", async () => {
    await guest.page.getByRole("button", { name: "Order more" }).click();
    await guest.page.getByRole("button", { name: "Clear the search" }).click();
    await guest.add("Bruschetta");
    await guest.review();
    await guest.send.click();
    await expect(guest.card("In the kitchen's list")).toContainText("Bruschetta");
    await expect(ticket.filter({ hasText: "Add · round 2" })).toContainText("Bruschetta");
  });
});

test("who came by the display's code is known to be there", async ({ house, visitors }) => {
  const display = await visitors.page(tablet);
  await display.goto(`${house.url}/display`);
  await display.getByLabel("Six digits").fill(house.codes.display);
  await display.getByRole("button", { name: "Connect" }).click();
  const code = await display.getByRole("img", { name: /^http/ }).getAttribute("aria-label");

  const kitchen = await visitors.screen("kitchen");
  const guest = new Phone(await visitors.guest(code!));
  await expect(guest.page.getByText("Counter", { exact: true })).toBeVisible();
  await guest.add("Bruschetta");
  await guest.review();
  await guest.page.getByRole("radio", { name: "To take away" }).click();
  await guest.send.click();
  await expect(guest.card("In the kitchen's list")).toBeVisible();
  const ticket = kitchen.getByRole("article").filter({ hasText: "Bruschetta" });
  await expect(ticket).toContainText("Take away");
  await ticket.getByRole("button", { name: "Done", exact: true }).click();
  await expect(guest.card("Ready")).toContainText("Please pick up at the counter.");
});
