import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Page } from "@playwright/test";
import { Device, order, view } from "./device";

test.use({ viewport: { width: 360, height: 740 }, locale: "en-GB", hasTouch: true, isMobile: true });
// What is still fading in has no contrast yet.
test.use({ contextOptions: { reducedMotion: "reduce" } });

let device: Device;

test.beforeEach(async ({ page }) => {
  device = new Device();
  await device.attach(page);
});

async function arrive(page: Page, path = "/t/abc"): Promise<void> {
  await page.goto(path);
  await expect(page.getByRole("heading", { name: "Starters" })).toBeVisible();
}

async function chooseSteak(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Choose Rib-eye steak" }).click();
  const sheet = page.getByRole("dialog");
  await sheet.getByRole("radio", { name: "Medium" }).check();
  await sheet.getByRole("button", { name: /^Add/ }).click();
  await expect(sheet).toBeHidden();
}

async function toReview(page: Page): Promise<void> {
  await page.getByRole("button", { name: /Review order/ }).click();
  await expect(page.getByRole("heading", { name: "Your order" })).toBeVisible();
}

const clean = async (page: Page) => expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

/** Nothing is wider than the phone. */
const fits = async (page: Page) =>
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);

test("from the code on the table to food on its way", async ({ page }) => {
  await arrive(page);
  await clean(page);
  await chooseSteak(page);
  await page.getByRole("button", { name: "Add Bruschetta" }).click();
  await toReview(page);
  await clean(page);
  await page.getByText("Tell the kitchen about allergies").click();
  await page.getByRole("button", { name: "Nuts", exact: true }).click();
  await expect(page.getByText("You declare: Nuts")).toBeVisible();
  await page.getByRole("button", { name: /Order now · €35.80/ }).click();

  await expect(page.getByRole("heading", { name: "In the kitchen's list" })).toBeVisible();
  expect(device.received).toHaveLength(1);
  expect(device.received[0]).toMatchObject({
    menu_version: 3,
    allergies: ["nuts"],
    lines: [
      { item: "steak", quantity: 1, unit: 2890, modifiers: [{ id: "medium", quantity: 1 }] },
      { item: "bruschetta", quantity: 1, unit: 690 },
    ],
  });
  device.view = { ...device.view, orders: [order("o1", "ready", { ready: "2026-11-20T18:09:00.000Z" })] };
  device.tell();
  await expect(page.getByRole("heading", { name: "Ready" })).toBeVisible();
  await clean(page);
});

test("an answer that got lost is never shown as a failure, and the order is placed once", async ({
  page,
}) => {
  await arrive(page);
  device.orders = ["cut"];
  await page.getByRole("button", { name: "Add Bruschetta" }).click();
  await toReview(page);
  await page.getByRole("button", { name: /Order now/ }).click();
  await expect(page.getByRole("heading", { name: "We are checking…" })).toBeVisible();
  for (const alert of await page.getByRole("alert").all()) await expect(alert).toHaveText("");
  await expect(page.getByRole("heading", { name: "In the kitchen's list" })).toBeVisible();
  expect(device.taken.size).toBe(1);
  expect(new Set(device.received.map((body) => body.key)).size).toBe(1);
});

test("a reload in the middle of a lost answer finds the order again", async ({ page }) => {
  await arrive(page);
  await page.getByRole("button", { name: "Add Bruschetta" }).click();
  await toReview(page);
  await page.route("**/api/guest/orders/by-key/*", (route) => route.abort());
  device.orders = ["cut"];
  await page.getByRole("button", { name: /Order now/ }).click();
  await expect(page.getByRole("heading", { name: "We are checking…" })).toBeVisible();
  await page.unroute("**/api/guest/orders/by-key/*");
  await page.reload();
  await expect(page.getByRole("heading", { name: "In the kitchen's list" })).toBeVisible();
  expect(device.taken.size).toBe(1);
});

test("changed lines are confirmed one by one, the rest stays", async ({ page }) => {
  await arrive(page);
  await chooseSteak(page);
  await page.getByRole("button", { name: "Add Bruschetta" }).click();
  await toReview(page);
  device.orders = [
    {
      status: 409,
      body: {
        code: "differences",
        detail: "The menu has changed.",
        differences: [
          { line: 0, kind: "sold_out", item: "steak" },
          { line: 1, kind: "price_changed", item: "bruschetta", was: 690, now: 720 },
        ],
      },
    },
  ];
  await page.getByRole("button", { name: /Order now/ }).click();
  const sheet = page.getByRole("dialog");
  await expect(sheet.getByText("Rib-eye steak is sold out")).toBeVisible();
  await expect(sheet.getByText("Bruschetta now costs €7.20 instead of €6.90")).toBeVisible();
  await clean(page);
  await sheet.getByRole("button", { name: "Accept changes" }).click();
  await page.getByRole("button", { name: "Order now · €7.20" }).click();
  await expect(page.getByRole("heading", { name: "In the kitchen's list" })).toBeVisible();
  expect(device.received[1]!.key).toBe(device.received[0]!.key);
  expect(device.received[1]!.lines).toEqual([{ item: "bruschetta", quantity: 1, unit: 720 }]);
});

test("back closes sheets and never loses the cart; neither does a reload or another language", async ({
  page,
}) => {
  await arrive(page);
  await page.getByRole("button", { name: "Add Bruschetta" }).click();
  await page.getByRole("button", { name: "Choose Rib-eye steak" }).click();
  await page.goBack();
  await expect(page.getByRole("dialog")).toBeHidden();
  await toReview(page);
  await page.goBack();
  await expect(page.getByRole("button", { name: /Review order/ })).toContainText("€6.90");
  await page.reload();
  await expect(page.getByRole("button", { name: /Review order/ })).toContainText("€6.90");
  await page.getByRole("button", { name: "Choose your language" }).click();
  await page.getByRole("button", { name: "Deutsch" }).click();
  await expect(page.getByRole("button", { name: /Bestellung prüfen/ })).toContainText("6,90 €");
  await expect(page.locator("html")).toHaveAttribute("lang", "de");
});

test("search and filters narrow the menu and promise nothing", async ({ page }) => {
  await arrive(page);
  await page.getByRole("searchbox").fill("zzz");
  await expect(page.getByText("Nothing fits")).toBeVisible();
  await page.getByRole("button", { name: "Show the whole menu" }).click();
  await page.getByRole("button", { name: "Filters" }).click();
  await page.getByRole("button", { name: "Milk" }).click();
  await clean(page);
  await page.getByRole("button", { name: /^Show \d+ dishes/ }).click();
  await expect(page.getByText("Burrata")).toBeHidden();
  await expect(page.getByRole("button", { name: /Soup of the day/ }).first()).toContainText("ask us");
});

test("the key handed over in the fragment leaves the address at once", async ({ page }) => {
  await arrive(page, "/t/abc#g=handed_over_key");
  expect(new URL(page.url()).hash).toBe("");
  expect(await page.evaluate(() => localStorage.getItem("comanda.guest"))).toContain("kkk");
});

test("the messengers are offered once, and staying is remembered", async ({ page }) => {
  device.view = view({
    links: [{ channel: "telegram", label: "Telegram", url: "https://t.me/house?start=abc" }],
  });
  await page.goto("/t/abc");
  await expect(page.getByRole("link", { name: /Open in Telegram/ })).toHaveAttribute("href", /t\.me/);
  await clean(page);
  await page.getByRole("button", { name: "Choose your language" }).click();
  await page.getByRole("button", { name: "English" }).click();
  await page.getByRole("button", { name: /Stay on this page/ }).click();
  await expect(page.getByRole("heading", { name: "Starters" })).toBeVisible();
  await arrive(page);
});

for (const [code, title] of [
  ["code_expired", "This code has run out"],
  ["token_unknown", "We don't know this code"],
  ["tap_invalid", "Please tap again"],
  ["tap_replayed", "Please tap again"],
  ["tag_unknown", "We don't know this tag"],
  ["tag_retired", "This tag is not in use any more"],
] as const) {
  test(`${code} says what to do`, async ({ page }) => {
    device.seat = { status: code === "code_expired" ? 410 : 404, body: { code, detail: "" } };
    await page.goto("/t/abc");
    await expect(page.getByRole("heading", { name: title })).toBeVisible();
    await clean(page);
  });
}

test("a device out of reach is tried again by itself", async ({ page }) => {
  device.seat = "cut";
  await page.goto("/t/abc");
  await expect(page.getByRole("heading", { name: "We can't reach the restaurant" })).toBeVisible();
  device.seat = undefined;
  await expect(page.getByRole("heading", { name: "Starters" })).toBeVisible({ timeout: 15_000 });
});

test("locked, menu-only and ended tables say so and take no order", async ({ page }) => {
  await arrive(page);
  device.view = view({ permission: "menu_only" });
  device.tell();
  await expect(page.getByText("Please order with the staff.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Add Bruschetta" })).toBeHidden();
  device.view = view({ session: { ...device.view.session, locked: true } });
  device.tell();
  await expect(page.getByText(/Ordering at this table is stopped/)).toBeVisible();
  device.view = view({ session: { ...device.view.session, locked: false, state: "closed" } });
  device.tell();
  await expect(page.getByText(/This visit has ended/)).toBeVisible();
});

test("a guest reads how long it takes, before the order and after", async ({ page }) => {
  await arrive(page);
  await page.getByRole("button", { name: "Add Bruschetta" }).click();
  await toReview(page);
  await expect(page.getByText("About 15–25 minutes right now")).toBeVisible();
  await clean(page);
  device.quote = { from_seconds: 0, to_seconds: 0 };
  await page.getByRole("button", { name: /Order now/ }).click();
  await expect(page.getByRole("heading", { name: "In the kitchen's list" })).toBeVisible();
  const expected = { from: "2026-11-20T18:10:00.000Z", to: "2026-11-20T18:19:30.000Z" };
  device.view = view({ orders: [order("o1", "preparing", { expected })] });
  device.tell();
  const card = page.getByRole("article");
  await expect(card.getByText(/Expected \d\d:10 – \d\d:20/)).toBeVisible();
  await expect(card.getByText("in 10–20 minutes")).toBeVisible();
  await clean(page);
  const delayed = { now: "2026-11-20T18:20:00.000Z", orders: [] as ReturnType<typeof order>[] };
  delayed.orders = [order("o1", "preparing", { expected, delayed: "2026-11-20T18:19:31.000Z" })];
  device.view = view(delayed);
  device.tell();
  await expect(card.getByText("It takes a little longer than we said.")).toBeVisible();
  await expect(card.getByText(/Expected/)).toBeHidden();
  await clean(page);
  await fits(page);
});

test("held courses are named and called with one press", async ({ page }) => {
  await arrive(page);
  device.view = view({ orders: [order("o1", "preparing", { held_courses: [2] })] });
  device.tell();
  await page.getByRole("navigation").getByRole("button", { name: "Orders" }).click();
  const card = page.getByRole("article");
  await expect(card.getByRole("listitem").filter({ hasText: "Course 2" })).toContainText(
    "Rib-eye steak · comes later",
  );
  await expect(card.getByRole("button", { name: "Next course, please" })).toBeHidden();
  device.view = view({ orders: [order("o1", "preparing", { held_courses: [2], may_call: true })] });
  device.tell();
  await expect(card.getByRole("heading", { name: "Ready for the next course?" })).toBeVisible();
  await clean(page);
  await fits(page);
  await card.getByRole("button", { name: "Next course, please" }).click();
  await expect(page.getByText("The kitchen starts on your next course.")).toBeVisible();
  expect(device.called).toEqual(["o1"]);
});

test("a kitchen that takes a break says so before and after the cart is filled", async ({ page }) => {
  device.view = view({ pace: { channel: "web", state: "slow", delay_seconds: 600 } });
  await arrive(page);
  await expect(page.getByText("it takes longer than usual")).toBeVisible();
  await page.getByRole("button", { name: "Add Bruschetta" }).click();
  await toReview(page);
  const until = "2026-11-20T18:30:00.000Z";
  device.orders = [{ status: 409, body: { code: "ordering_paused", detail: "" } }];
  device.view = view({ pace: { channel: "web", state: "paused", until } });
  await page.getByRole("button", { name: /Order now/ }).click();
  await expect(page.getByRole("alert").filter({ hasText: "short break" })).toContainText(
    "Nothing was ordered",
  );
  await expect(page.getByText(/The kitchen takes a short break until about \d\d:30/)).toBeVisible();
  await clean(page);
  await fits(page);
  // The break is over: what was chosen is still there, and is sent with one press.
  device.view = view({ now: until, pace: { channel: "web", state: "paused", until } });
  device.tell();
  await page.getByRole("button", { name: /Order now · €6.90/ }).click();
  await expect(page.getByRole("heading", { name: "In the kitchen's list" })).toBeVisible();
  expect(new Set(device.received.map((body) => body.key)).size).toBe(1);
});

test("whoever cannot order now can still call staff", async ({ page }) => {
  device.view = view({ pace: { channel: "web", state: "paused" } });
  await arrive(page);
  await page.getByRole("button", { name: "Add Bruschetta" }).click();
  await toReview(page);
  await expect(page.getByRole("button", { name: /Order now/ })).toBeHidden();
  await page.getByRole("button", { name: "Call staff" }).last().click();
  await page.getByRole("button", { name: "Call staff" }).click();
  await expect.poll(() => device.asked).toEqual(["staff"]);
});

test("help is asked for with one press and shown as asked", async ({ page }) => {
  await arrive(page);
  await page.getByRole("button", { name: "Service" }).click();
  await page.getByRole("button", { name: "Tap water" }).click();
  await expect(page.getByRole("button", { name: /Tap water/ })).toBeDisabled();
  expect(device.asked).toEqual(["water"]);
  await clean(page);
});

test("text at twice the size still fits a small phone, in German, too", async ({ page }) => {
  await page.addInitScript(() => localStorage.setItem("comanda.language", '"de"'));
  device.view = view({ orders: [order("o1", "preparing")] });
  await page.goto("/t/abc");
  await expect(page.getByRole("heading", { name: "Vorspeisen" })).toBeVisible();
  await page.addStyleTag({ content: "html{font-size:32px}" });
  await fits(page);
  await page.getByRole("button", { name: "Bruschetta hinzufügen" }).click();
  await page.getByRole("button", { name: /Bestellung prüfen/ }).click();
  await fits(page);
  await page.goBack();
  for (const tab of ["Bestellungen", "Service"]) {
    await page.getByRole("navigation").getByRole("button", { name: tab }).click();
    await expect(page.getByRole("heading", { level: 1 }).last()).toBeVisible();
    await fits(page);
  }
});

test("a silent line is told, and taken up again", async ({ page }) => {
  await arrive(page);
  device.silent = true;
  await expect(page.getByText(/No connection since .* Reconnecting/)).toBeVisible({ timeout: 9000 });
  await clean(page);
  device.silent = false;
  await expect(page.getByText(/No connection since/)).toBeHidden({ timeout: 9000 });
});
