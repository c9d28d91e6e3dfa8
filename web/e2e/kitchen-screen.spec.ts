import { burger, dishes } from "./api";
import { expect, test, wall } from "./fixtures";
import { clean, nothingCut, ticket as article } from "./look";
import { clocked } from "./wire";

/** The screens a kitchen hangs on its wall or stands on its shelf. */
const sizes = {
  "TV 1920 × 1080": wall,
  "desk 1280 × 800": { viewport: { width: 1280, height: 800 }, locale: "en-GB" },
  "tablet 1280 × 800": { viewport: { width: 1280, height: 800 }, hasTouch: true, locale: "en-GB" },
  "portrait 800 × 1280": { viewport: { width: 800, height: 1280 }, hasTouch: true, locale: "en-GB" },
} as const;

for (const [name, options] of Object.entries(sizes))
  test(`every ticket is whole on ${name}`, async ({ visitors }) => {
    const kitchen = await visitors.screen("kitchen", { ...options, reducedMotion: "reduce" });
    const many = [burger, dishes.trout, dishes.risotto, { ...dishes.soup, quantity: 3 }, dishes.bruschetta];
    for (const table of ["1", "2", "3"]) await visitors.cook(table, [dishes.trout], { note: "no hurry" });
    await visitors.cook("4", [...many, { ...burger, quantity: 4 }], { allergies: ["nuts"] });
    for (const table of ["5", "6", "7"]) await visitors.cook(table, [dishes.soup, dishes.risotto]);
    await expect(article(kitchen, "1").first()).toBeVisible();
    await expect(kitchen.getByText(/^\d+ tickets$/)).toBeVisible();
    await nothingCut(kitchen);
    await clean(kitchen, "tickets");
    await kitchen.keyboard.press("g");
    const together = kitchen.getByRole("list", { name: "What can be made together" });
    await expect(together.getByRole("listitem").first()).toBeVisible();
    await clean(kitchen, "dishes");
    await kitchen.keyboard.press("g");
    await kitchen.getByRole("button", { name: "Settings" }).click();
    await kitchen.getByRole("button", { name: "Bigger letters" }).click();
    await kitchen.getByRole("button", { name: "Bigger, fewer columns" }).click();
    await kitchen.keyboard.press("Escape");
    await nothingCut(kitchen);
  });

test("long words of another language lie over nothing", async ({ visitors }) => {
  const kitchen = await visitors.page({ ...wall, reducedMotion: "reduce" });
  await kitchen.addInitScript(
    (key) => {
      localStorage.setItem("comanda.kitchen.key", JSON.stringify(key));
      localStorage.setItem("comanda.kitchen.prefs", JSON.stringify({ language: "de", columns: 4 }));
    },
    await visitors.house.ownerKey(),
  );
  await kitchen.goto(`${visitors.house.url}/kitchen`);
  const lines = [burger, dishes.trout, dishes.risotto, { ...dishes.soup, quantity: 3 }];
  for (let i = 1; i <= 12; i++) await visitors.cook(String(i), lines);
  const more = kitchen.getByRole("button", { name: /weitere auf anderen Seiten$/ });
  for (const [width, height] of [
    [1920, 1080],
    [1366, 768],
    [1280, 800],
    [1024, 768],
  ] as const) {
    await kitchen.setViewportSize({ width, height });
    await expect(more).toBeVisible();
    const wrong = await kitchen.getByRole("navigation").evaluate((nav) => {
      const inside = nav.getBoundingClientRect();
      const all = [...nav.querySelectorAll("button")].map((b) => ({
        name: b.textContent,
        box: b.getBoundingClientRect(),
        cut: b.scrollWidth > b.clientWidth + 1 || b.scrollHeight > b.clientHeight + 1,
      }));
      const over = (a: DOMRect, b: DOMRect) =>
        a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
      return all
        .filter(
          (a) =>
            a.cut ||
            a.box.left < inside.left ||
            a.box.right > inside.right + 1 ||
            all.some((b) => a !== b && over(a.box, b.box)),
        )
        .map((a) => a.name);
    });
    expect(wrong, `${width} × ${height}`).toEqual([]);
  }
});

test("a new screen asks how big it is, and does not keep tickets away meanwhile", async ({
  house,
  visitors,
}) => {
  const kitchen = await visitors.page(wall);
  await kitchen.goto(`${house.url}/kitchen`);
  for (const digit of house.codes.kitchen)
    await kitchen.getByRole("button", { name: digit, exact: true }).click();
  await kitchen.getByRole("button", { name: "Connect" }).click();
  const setup = kitchen.getByRole("region", { name: "How big is this screen?" });
  await expect(setup).toBeVisible();
  await visitors.cook("1", [dishes.trout]);
  await expect(article(kitchen, "1").getByRole("button", { name: "Done", exact: true })).toBeEnabled();
  await setup.getByRole("button", { name: "Farther away" }).click();
  await expect(setup).toContainText(/2[0-9]′ of arc, [1-4] columns?: easy to read/);
  for (let i = 0; i < 6; i++) await setup.getByRole("button", { name: "Farther away" }).click();
  for (let i = 0; i < 11; i++) await setup.getByRole("button", { name: "Smaller screen" }).click();
  await expect(setup).toContainText("too small from there");
  await clean(kitchen, "set-up");
  await setup.getByRole("button", { name: "Keep it so" }).click();
  await expect(setup).toBeHidden();
  await kitchen.reload();
  await expect(article(kitchen, "1")).toBeVisible();
  await expect(setup).toBeHidden();
});

test("a filter cannot be missed, and hides nothing that must be seen", async ({ visitors }) => {
  const kitchen = await clocked(visitors);
  await visitors.cook("1", [dishes.trout]);
  await visitors.cook("2", [dishes.trout], { allergies: ["fish"] });
  await expect(kitchen.getByText("2 tickets")).toBeVisible();
  await kitchen.getByRole("button", { name: "View" }).click();
  const dialog = kitchen.getByRole("dialog", { name: "Order and filter" });
  await dialog.getByRole("button", { name: "With allergies" }).click();
  await clean(kitchen, "filter");
  await kitchen.keyboard.press("Escape");
  await expect(
    kitchen.getByText("2 of 2 shown, filter: With allergies"),
    "it was seen just now",
  ).toBeVisible();
  await kitchen.clock.fastForward(31_000);
  await expect(kitchen.getByText("1 of 2 shown, filter: With allergies")).toBeVisible({ timeout: 10_000 });
  await expect(article(kitchen, "1")).toHaveCount(0);
  await kitchen.getByRole("button", { name: "Show all" }).click();
  await expect(article(kitchen, "1")).toBeVisible();
});

test("a bump bar of digits, arrows, Enter and Backspace is enough", async ({ visitors }) => {
  const kitchen = await visitors.screen("kitchen");
  for (const table of ["1", "2"]) await visitors.cook(table, [dishes.trout]);
  await expect(kitchen.getByText("2 tickets")).toBeVisible();
  const press = async (...keys: string[]) => {
    for (const key of keys) await kitchen.keyboard.press(key);
  };
  await press("8");
  await expect(kitchen.getByText("Sold-out list? Enter")).toBeVisible();
  await press("Enter");
  const stock = kitchen.getByRole("dialog", { name: "What is sold out?" });
  await expect(
    stock.getByRole("button", { name: /^Trout in butter/ }),
    "what is cooked stands first",
  ).toBeFocused();
  await press("Enter");
  await expect(stock.getByRole("button", { name: /^Trout in butter/ })).toHaveAttribute(
    "aria-pressed",
    "true",
  );
  await press("ArrowDown", "ArrowRight", "Enter");
  await expect(stock.getByRole("button", { name: /^Trout in butter/ })).toContainText("Until");
  await press("Backspace");
  await expect(stock).toBeHidden();

  await press("1", "Enter");
  await expect(kitchen.getByText("1 ticket", { exact: true })).toBeVisible();
  await press("r");
  await expect(kitchen.getByRole("dialog").getByRole("button", { name: /^Bring back/ })).toBeFocused();
  await press("1", "Enter");
  await expect(article(kitchen, "1")).toContainText("Back again");
});

test("keys are learnt by pressing them, and kept", async ({ visitors }) => {
  const kitchen = await visitors.screen("kitchen");
  await visitors.cook("1", [dishes.trout]);
  await expect(article(kitchen, "1")).toBeVisible();
  await kitchen.getByRole("button", { name: "Settings" }).click();
  await kitchen.getByRole("button", { name: "Learn the keys" }).click();
  const dialog = kitchen.getByRole("dialog", { name: "Learn the keys" });
  await dialog.getByRole("button", { name: /^Done/ }).click();
  await kitchen.keyboard.press("NumpadSubtract");
  await expect(dialog.getByRole("button", { name: /^Done/ })).toContainText("Num −");
  await dialog.getByRole("button", { name: /^Hold back/ }).click();
  await kitchen.keyboard.press("r");
  await expect(dialog.getByRole("alert")).toContainText("R does List of finished tickets");
  await clean(kitchen, "keys");
  await dialog.getByRole("button", { name: "No, leave it" }).click();
  await kitchen.reload();
  await expect(article(kitchen, "1")).toBeVisible();
  await kitchen.keyboard.press("1");
  await kitchen.keyboard.press("NumpadSubtract");
  await expect(article(kitchen, "1")).toHaveCount(0);
  await kitchen.keyboard.press("F1");
  await expect(kitchen.getByRole("dialog", { name: "Keys" })).toContainText("Num −");
});

test("dishes of all tickets are ticked off one by one, the oldest first", async ({ visitors }) => {
  const kitchen = await visitors.screen("kitchen");
  await visitors.cook("1", [{ ...dishes.trout, quantity: 2 }]);
  await visitors.cook("2", [{ ...dishes.trout, quantity: 3 }]);
  await visitors.cook("3", [dishes.trout], { allergies: ["fish"] });
  await expect(kitchen.getByText("3 tickets")).toBeVisible();
  await kitchen.getByRole("button", { name: "Dishes" }).click();
  const list = kitchen.getByRole("list", { name: "What can be made together" });
  await expect(list.getByRole("button")).toHaveCount(2);
  await expect(list.getByRole("button").last(), "an allergy is never put together").toContainText("Fish");
  await list.getByRole("button").first().click();
  await expect(list.getByRole("button").first()).toContainText("4");
  await kitchen.getByRole("button", { name: "Undo" }).click();
  await expect(list.getByRole("button").first()).toContainText("5");
  await list.getByRole("button").first().click();
  await kitchen.getByRole("button", { name: "Tickets", exact: true }).click();
  await expect(article(kitchen, "1")).toContainText("1 of 2");
});

test("while it is wiped nothing happens, and tickets still come", async ({ visitors }) => {
  const kitchen = await visitors.screen("kitchen");
  await visitors.cook("1", [dishes.trout]);
  await expect(article(kitchen, "1")).toBeVisible();
  await kitchen.keyboard.press("c");
  const cover = kitchen.getByRole("region", { name: "Wipe the screen" });
  await expect(cover).toBeVisible();
  const box = (await article(kitchen, "1").boundingBox())!;
  await kitchen.mouse.click(box.x + 30, box.y + 30);
  await kitchen.keyboard.press("1");
  await kitchen.keyboard.press("Enter");
  await visitors.cook("2", [dishes.trout]);
  await expect(article(kitchen, "2")).toBeVisible();
  await clean(kitchen, "cleaning");
  await cover.getByRole("button", { name: "End early" }).click();
  await cover.getByRole("button", { name: "Really end – touch here" }).click();
  await expect(cover).toBeHidden();
  await expect(article(kitchen, "1").getByRole("button", { name: "Done", exact: true })).toBeEnabled();
});

test("an outage of half a minute covers the old tickets", async ({ house, visitors }) => {
  const kitchen = await clocked(visitors, house.url, { ...wall, reducedMotion: "reduce" });
  await visitors.cook("1", [dishes.trout]);
  await expect(article(kitchen, "1")).toBeVisible();
  await house.kill();
  await expect(kitchen.getByText(/^No connection since/)).toBeVisible({ timeout: 8000 });
  const sheet = kitchen.getByRole("region", { name: "No connection" });
  await expect(sheet).toBeHidden();
  await kitchen.clock.fastForward(30_000);
  await expect(sheet).toBeVisible();
  await expect(sheet.getByRole("heading", { name: /^These tickets are from \d\d:\d\d:\d\d$/ })).toBeVisible();
  await clean(kitchen, "covered");
  await sheet.getByRole("button", { name: "Show the last picture" }).click();
  await expect(article(kitchen, "1")).toContainText("Old");
  await house.start();
  await kitchen.clock.fastForward(10_000);
  await expect(kitchen.getByText(/^No connection since/)).toBeHidden({ timeout: 20_000 });
  await expect(article(kitchen, "1")).not.toContainText("Old");
});
