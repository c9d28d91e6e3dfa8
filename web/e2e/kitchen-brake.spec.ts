import { dishes } from "./api";
import { expect, test, wall } from "./fixtures";

test("the brake: which, how much, how long, what guests see; on every screen; one touch ends it", async ({
  house,
  visitors,
}) => {
  const grill = await visitors.screen("kitchen", wall);
  const bar = await visitors.screen("kitchen", { ...wall, viewport: { width: 1280, height: 800 } });
  await grill.getByRole("button", { name: "Brake" }).click();
  const dialog = grill.getByRole("dialog", { name: "Slow down or pause orders" });
  await expect(dialog).toContainText("New orders are fired 10 minutes later");
  await dialog.getByRole("button", { name: "Pause", exact: true }).click();
  await expect(dialog).toContainText("Guests cannot order now.");
  await dialog.getByRole("button", { name: "15 minutes", exact: true }).click();
  await dialog.getByRole("button", { name: "Brake now" }).click();
  for (const page of [grill, bar]) {
    await expect(page.getByText("All channels: no new orders").first()).toBeVisible();
    await expect(page.getByText(/ends in 1[45]:\d\d/)).toBeVisible();
  }
  const owner = await house.owner();
  const guest = await owner.seat(house.printed("2"));
  await expect(guest.order([dishes.trout])).rejects.toThrow(/ordering_paused/);

  await bar.getByRole("button", { name: "End it: All channels" }).click();
  for (const page of [grill, bar]) {
    await expect(page.getByRole("button", { name: "End it: All channels" })).toBeHidden();
  }
  await guest.order([dishes.trout]);

  await bar.getByRole("status").getByRole("button", { name: "Undo" }).click();
  await expect(grill.getByRole("button", { name: "End it: All channels" })).toBeVisible();
});

test("slower on one channel, by keys, until somebody ends it", async ({ visitors }) => {
  const kitchen = await visitors.screen("kitchen");
  await expect(kitchen.getByText("All done")).toBeVisible();
  await kitchen.keyboard.press("b");
  const dialog = kitchen.getByRole("dialog");
  await dialog.getByRole("button", { name: "Telegram" }).press("Enter");
  await dialog.getByRole("button", { name: "20 minutes later" }).press("Enter");
  await dialog.getByRole("button", { name: "By hand" }).press("Enter");
  await dialog.getByRole("button", { name: "Brake now" }).press("Enter");
  await expect(kitchen.getByText("Telegram: new orders 20 minutes later").first()).toBeVisible();
  await expect(kitchen.getByText("until somebody ends it")).toBeVisible();
});

test("what guests are told stands in the bar, how stations stand behind it", async ({ visitors }) => {
  const kitchen = await visitors.screen("kitchen");
  await visitors.cook("1", [dishes.trout]);
  await kitchen.getByRole("button", { name: /^Sound is off/ }).click();
  const quote = kitchen.getByRole("button", { name: /^Guests are told \d+–\d+ min$/ });
  await expect(quote).toBeVisible();
  await quote.click();
  const row = kitchen.getByRole("dialog").getByRole("row", { name: /^Grill/ });
  await expect(row.getByRole("cell").first()).toHaveText("1");
});

test.describe("tickets on no screen", () => {
  test.use({ kitchen: { unseen_after: "2s" } });

  test("are told on every other screen, and one touch takes them on", async ({ visitors }) => {
    const bar = await visitors.page(wall);
    await bar.addInitScript(
      ([key]) => {
        localStorage.setItem("comanda.kitchen.key", JSON.stringify(key));
        if (!localStorage.getItem("comanda.kitchen.prefs")) {
          localStorage.setItem("comanda.kitchen.prefs", JSON.stringify({ stations: ["bar"] }));
        }
      },
      [await visitors.house.ownerKey()],
    );
    await bar.goto(`${visitors.house.url}/kitchen`);
    await expect(bar.getByText("All done")).toBeVisible();
    await visitors.cook("1", [dishes.trout]);
    const alarm = bar.getByRole("alert").filter({ hasText: "Grill: 1 ticket on no screen" });
    await expect(alarm).toBeVisible({ timeout: 15_000 });
    await alarm.getByRole("button", { name: "Show them here" }).click();
    await expect(bar.getByRole("article", { name: "Table 1", exact: true })).toBeVisible();
    await expect(alarm).toBeHidden({ timeout: 10_000 });
    await expect(bar.getByRole("button", { name: "Grill + Bar" })).toBeVisible();
  });
});

test("the recall list finds what this screen has forgotten, served ones to look at", async ({
  house,
  visitors,
}) => {
  const kitchen = await visitors.screen("kitchen");
  const receipt = await visitors.cook("8", [dishes.risotto]);
  const owner = await house.owner();
  await kitchen.getByRole("button", { name: "Done", exact: true }).click();
  await kitchen.getByRole("button", { name: "Recall" }).click();
  const dialog = kitchen.getByRole("dialog");
  await expect(dialog.getByRole("button", { name: /^Bring back/ })).toBeVisible();
  await owner.ask("POST", `/api/owner/orders/${receipt.order}/serve`);
  await expect(dialog.getByRole("button", { name: /^Bring back/ })).toHaveCount(0);
  await dialog.getByRole("searchbox").fill("risotto");
  await expect(dialog.getByRole("listitem")).toContainText("Served at");
  await dialog.getByRole("button", { name: /^Back to the pass/ }).click();
  await expect(dialog.getByRole("listitem")).toContainText("Done at");
});

test("a refusal is said in the kitchen's words", async ({ visitors }) => {
  const one = await visitors.screen("kitchen");
  await one.getByRole("button", { name: "Settings" }).click();
  await one.getByRole("dialog").getByRole("button", { name: "Deutsch" }).click();
  await one.keyboard.press("Escape");
  await visitors.cook("9", [dishes.trout]);
  await expect(one.getByRole("article")).toBeVisible();
  // Somebody else is faster: what this screen still believes to be new is being cooked.
  await one.evaluate(() => {
    const send = WebSocket.prototype.send;
    WebSocket.prototype.send = function (data) {
      const message = JSON.parse(String(data)) as { type: string; key?: string; ticket?: string };
      if (message.type === "hold") {
        send.call(this, JSON.stringify({ type: "start", key: `${message.key}x`, ticket: message.ticket }));
      }
      send.call(this, data);
    };
  });
  await one.keyboard.press("1");
  await one.keyboard.press("h");
  await expect(one.getByText("Jemand kocht das schon.")).toBeVisible();
  await expect(one.getByRole("article")).toBeVisible();
});
