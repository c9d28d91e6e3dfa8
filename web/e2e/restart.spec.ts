import { dishes } from "./api";
import { expect, test } from "./fixtures";
import { Phone } from "./phone";

test("the plug is pulled in the middle of the service", async ({ house, visitors }) => {
  const kitchen = await visitors.screen("kitchen");
  const guest = new Phone(await visitors.guest(house.printed("7")));
  await guest.add("Bruschetta");
  await guest.review();
  await guest.send.click();
  await kitchen.getByRole("button", { name: "Accept" }).click();
  const seven = kitchen.getByRole("article", { name: "Table 7" });
  await seven.getByRole("button", { name: "Start" }).click();
  await expect(guest.card("Being prepared")).toBeVisible();
  await visitors.cook("2", [dishes.trout]);
  await expect(kitchen.getByText("2 tickets")).toBeVisible();

  await house.kill();
  await test.step("screens say what they do not know any more", async () => {
    await expect(kitchen.getByRole("alert").getByText(/^No connection since/)).toBeVisible({ timeout: 7000 });
    await expect(seven.getByText("Old", { exact: true })).toBeVisible();
    await expect(guest.page.getByText(/^No connection since/)).toBeVisible();
  });

  await test.step("what is pressed in the dark is kept", async () => {
    await seven.getByRole("button", { name: "Done", exact: true }).click();
    await expect(kitchen.getByText("1 press waits")).toBeVisible();
  });

  await test.step("an order sent into the dark is neither lost nor called failed", async () => {
    await guest.page.getByRole("button", { name: "Order more" }).click();
    await guest.add("Burrata with peach");
    await guest.review();
    await guest.send.click();
    await expect(guest.page.getByText("Please do not order again", { exact: false })).toBeVisible();
    await expect(guest.page.getByText(/nothing was ordered/i)).toHaveCount(0);
  });

  await house.start();
  await test.step("everybody comes back by themselves", async () => {
    await expect(kitchen.getByText("Live", { exact: true })).toBeVisible({ timeout: 15_000 });
    await expect(kitchen.getByText(/^No connection since/)).toBeHidden();
    await expect(guest.card("In the kitchen's list")).toContainText("Burrata with peach", {
      timeout: 20_000,
    });
    await expect(guest.card("Ready")).toContainText("Bruschetta");
    await expect(kitchen.getByRole("article", { name: "Table 2" })).toContainText("Trout in butter");
    await expect(seven).toHaveCount(1);
    await expect(seven).toContainText("Burrata with peach");
  });

  const { sessions } = await (
    await house.owner()
  ).ask<{ sessions: { orders: { lines: { item: string }[] }[] }[] }>("GET", "/api/owner/floor");
  const cooked = sessions.flatMap((s) => s.orders).flatMap((o) => o.lines.map((l) => l.item));
  expect(cooked.sort(), "each order exists once").toEqual(["bruschetta", "burrata", "trout"]);
});

test("the answer is lost on its way, the order is cooked once", async ({ house, visitors }) => {
  const guest = new Phone(await visitors.guest(house.printed("4")));
  await guest.add("Bruschetta");
  await guest.review();
  await guest.page.route("**/api/guest/orders", async (route) => {
    await route.fetch();
    await route.abort("connectionreset");
    await guest.page.unroute("**/api/guest/orders");
  });
  await guest.send.click();
  await expect(guest.card("Waiting for the staff")).toContainText("Bruschetta", { timeout: 20_000 });
  await expect(guest.page.getByRole("article")).toHaveCount(1);
});

test("a phone that reloads in the dark comes back with its choice", async ({ house, visitors }) => {
  const guest = new Phone(await visitors.guest(house.printed("4")));
  await guest.add("Bruschetta");
  await house.kill();
  await house.start();
  await guest.page.reload();
  await guest.review();
  await expect(guest.page.getByRole("listitem").filter({ hasText: "Bruschetta" })).toBeVisible();
});
