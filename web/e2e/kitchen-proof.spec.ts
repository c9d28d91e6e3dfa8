import { dishes } from "./api";
import { expect, test, wall } from "./fixtures";
import { clean, ticket } from "./look";
import { shown, truth } from "./truth";
import { clocked, Wire } from "./wire";

const second = 1000;

test("a cut of a second, of a minute, and over a restart: afterwards exactly what the device has", async ({
  house,
  visitors,
}) => {
  const wire = await Wire.to(house.url);
  const kitchen = await clocked(visitors, wire.url, { ...wall, reducedMotion: "reduce" });
  const other = await visitors.screen("kitchen");
  const live = kitchen.getByText("Live", { exact: true });
  const done = (table: string) => ticket(other, table).getByRole("button", { name: "Done", exact: true });
  const agrees = async (why: string) => {
    await expect(live, why).toBeVisible({ timeout: 20_000 });
    const known = await truth(visitors);
    await expect.poll(() => shown(kitchen), why).toEqual(known);
  };
  for (const table of ["1", "2", "3"]) await visitors.cook(table, [dishes.trout, dishes.bruschetta]);
  await expect(kitchen.getByText("6 tickets")).toBeVisible();

  await test.step("a second without the network: what was under way arrives", async () => {
    wire.mute();
    await visitors.cook("4", [{ ...dishes.soup, quantity: 2 }]);
    await done("1").first().click();
    await kitchen.waitForTimeout(second);
    await expect(ticket(kitchen, "4")).toHaveCount(0);
    wire.mend();
    await agrees("after a second");
  });

  await test.step("a second in which the connection breaks", async () => {
    wire.tear();
    await visitors.cook("5", [dishes.trout]);
    await kitchen.waitForTimeout(second);
    wire.mend();
    await agrees("after a broken connection");
  });

  await test.step("a minute without the network, pressed on in the dark", async () => {
    wire.mute();
    await visitors.cook("6", [dishes.risotto], { allergies: ["milk"] });
    await done("2").first().click();
    await ticket(other, "5").getByRole("button", { name: "Start" }).click();
    await expect(kitchen.getByText(/^No connection since/)).toBeVisible({ timeout: 10_000 });
    await ticket(kitchen, "4").getByRole("button", { name: /soup/i }).click();
    await expect(kitchen.getByText("1 press waits")).toBeVisible();
    await kitchen.clock.fastForward(60 * second);
    await expect(kitchen.getByRole("region", { name: "No connection" })).toBeVisible();
    // By now both sides have given up what was open.
    wire.tear();
    wire.mend();
    await kitchen.clock.fastForward(10 * second);
    await agrees("after a minute");
    await expect(ticket(kitchen, "4").getByRole("button", { name: /soup/i })).toHaveAttribute(
      "aria-pressed",
      "true",
    );
  });

  await test.step("the device's plug is pulled meanwhile", async () => {
    wire.mute();
    await visitors.cook("7", [dishes.trout]);
    await done("6").click();
    await expect(other.getByText(/^1 press|Not confirmed/)).toHaveCount(0);
    await house.kill();
    await ticket(kitchen, "5").getByRole("button", { name: "Done", exact: true }).click();
    wire.tear();
    await house.start();
    wire.mend();
    await kitchen.clock.fastForward(10 * second);
    await expect(ticket(kitchen, "5"), "what was pressed in the dark is done").toHaveCount(0, {
      timeout: 20_000,
    });
    await agrees("after a restart");
    const numbers = (await truth(visitors)).tickets.length;
    expect(numbers, "nothing is lost").toBe(6);
  });
  await wire.close();
});

test("two screens on one station: one's bump is the other's, and twice is once", async ({ visitors }) => {
  const [left, right] = [await visitors.screen("kitchen"), await visitors.screen("kitchen")];
  for (const table of ["1", "2", "3"]) await visitors.cook(table, [dishes.trout]);
  await expect(left.getByText("3 tickets")).toBeVisible();
  await expect(right.getByText("3 tickets")).toBeVisible();

  await left.keyboard.press("1");
  await left.keyboard.press("Enter");
  await expect(ticket(right, "1"), "at once").toHaveCount(0, { timeout: second });
  await right.keyboard.press("Backspace");
  await expect(ticket(left, "1")).toContainText("Back again", { timeout: second });

  await test.step("both at the same moment", async () => {
    for (const page of [left, right]) await page.keyboard.press("2");
    await Promise.all([left.keyboard.press("Enter"), right.keyboard.press("Enter")]);
    for (const page of [left, right]) {
      await expect(ticket(page, "2")).toHaveCount(0);
      await expect(ticket(page, "3"), "the press was not for the next one").toBeVisible();
    }
    expect((await truth(visitors)).ready).toHaveLength(1);
  });

  await test.step("the very same press again", async () => {
    const answers = await left.evaluate(pressTwice, await visitors.house.ownerKey());
    expect(answers[0]).toMatchObject({ type: "done" });
    expect(answers[1], "the first answer again").toEqual(answers[0]);
    expect(answers[2]).toMatchObject({ type: "refused", code: "key_reused" });
    for (const page of [left, right])
      await expect.poll(async () => (await shown(page)).tickets).toEqual((await truth(visitors)).tickets);
  });
});

test("the browser starts again while the device is away: the last picture, marked, then life", async ({
  visitors,
}) => {
  const before = await visitors.screen("kitchen");
  await visitors.cook("1", [dishes.trout]);
  await expect(ticket(before, "1")).toBeVisible();
  const after = await before.context().newPage();
  const gone = before.waitForEvent("close");
  await before.close({ runBeforeUnload: true });
  await gone;
  await after.addInitScript(
    (key) => localStorage.setItem("comanda.kitchen.key", JSON.stringify(key)),
    await visitors.house.ownerKey(),
  );
  let away = true;
  await after.routeWebSocket(/\/api\/kitchen\/live$/, (socket) => {
    if (away) void socket.close();
    else socket.connectToServer();
  });
  await after.goto(`${visitors.house.url}/kitchen`);
  await expect(after.getByText(/^No connection since \d\d:\d\d:\d\d$/), "it says so at once").toBeVisible({
    timeout: 2 * second,
  });
  await expect(ticket(after, "1")).toContainText("Old");
  await visitors.cook("2", [dishes.trout]);
  away = false;
  await expect(after.getByText("Live", { exact: true })).toBeVisible({ timeout: 15 * second });
  await expect(ticket(after, "1")).not.toContainText("Old");
  await expect(ticket(after, "2")).toBeVisible();
});

test("a screen the owner removes shows the pairing page and says why", async ({ house, visitors }) => {
  const owner = await house.owner();
  const kitchen = await visitors.page(wall);
  await kitchen.goto(`${house.url}/kitchen`);
  await kitchen.getByLabel("Six digits").fill(house.codes.kitchen);
  await kitchen.getByRole("button", { name: "Connect" }).click();
  await visitors.cook("1", [dishes.trout]);
  await expect(ticket(kitchen, "1")).toBeVisible();
  const { devices } = await owner.ask<{ devices: { id: string; role: string }[] }>(
    "GET",
    "/api/owner/devices",
  );
  await owner.ask("DELETE", `/api/owner/devices/${devices.find((d) => d.role === "kitchen")!.id}`);
  await expect(kitchen.getByRole("alert")).toContainText(/removed/i);
  await expect(kitchen.getByLabel("Six digits")).toBeVisible();
  await expect(kitchen.getByRole("article")).toHaveCount(0);
  await clean(kitchen, "pairing");
  await kitchen.reload();
  await expect(kitchen.getByLabel("Six digits"), "its key is forgotten").toBeVisible();
});

test("any key lets a silent screen ring; the settings say why it may fall asleep", async ({ visitors }) => {
  const kitchen = await visitors.page(wall);
  const key = await visitors.house.ownerKey();
  await kitchen.addInitScript((key) => {
    localStorage.setItem("comanda.kitchen.key", JSON.stringify(key));
    const may = sessionStorage.getItem("wake") ?? "refused";
    const lock = { request: () => Promise.reject(new Error("battery")) };
    if (may === "refused") Object.defineProperty(navigator, "wakeLock", { value: lock });
    else delete (Navigator.prototype as Partial<Navigator>).wakeLock;
    if (may === "insecure") Object.defineProperty(window, "isSecureContext", { value: false });
  }, key);
  await kitchen.goto(`${visitors.house.url}/kitchen`);
  const blocked = kitchen.getByRole("button", { name: "Sound is off – touch here" });
  await expect(blocked).toBeVisible();
  for (const [may, words] of [
    ["refused", "the browser has refused to keep it on"],
    ["unsupported", "this browser cannot keep it on"],
    ["insecure", "browsers keep it on only over https://"],
  ] as const) {
    await kitchen.evaluate((may) => sessionStorage.setItem("wake", may), may);
    await kitchen.reload();
    await expect(kitchen.getByText("All done")).toBeVisible();
    await kitchen.keyboard.press("o");
    await expect(blocked, "the first key lets it ring").toBeHidden();
    await expect(kitchen.getByRole("dialog", { name: "Settings" })).toContainText(words);
  }
});

test("a whole service without a finger", async ({ house, visitors }) => {
  test.setTimeout(90_000);
  const kitchen = await visitors.page({ viewport: { width: 1280, height: 800 }, locale: "en-GB" });
  await kitchen.addInitScript(
    (key) => {
      localStorage.setItem("comanda.kitchen.key", JSON.stringify(key));
      addEventListener("pointerdown", () => (document.title = "a finger"), true);
    },
    await house.ownerKey(),
  );
  await kitchen.goto(`${house.url}/kitchen`);
  await expect(kitchen.getByText("All done")).toBeVisible();
  const keys = async (...names: string[]) => {
    for (const name of names) await kitchen.keyboard.press(name);
  };
  const dialog = (name: string | RegExp) => kitchen.getByRole("dialog", { name });
  const owner = await house.owner();
  const guest = await owner.seat(house.printed("1"));
  await guest.order([dishes.risotto, { ...dishes.trout, quantity: 2 }]);

  await test.step("accept, start, tick off, done", async () => {
    await expect(kitchen.getByText("1 order waits for staff")).toBeVisible();
    await keys("a");
    await expect(ticket(kitchen, "1")).toHaveCount(1);
    await keys("1", " ");
    await expect(ticket(kitchen, "1").getByRole("button", { name: "In work" })).toBeVisible();
    await keys("i", "ArrowDown", "Enter");
    await expect(ticket(kitchen, "1").getByRole("button", { name: /trout/i })).toHaveAttribute(
      "aria-pressed",
      "true",
    );
    await keys("i", "Enter");
    await expect(ticket(kitchen, "1")).toHaveCount(0);
  });

  await test.step("back: the last one at once, any one by searching", async () => {
    await keys("Backspace");
    await expect(ticket(kitchen, "1")).toContainText("Back again");
    await keys("1", "Enter");
    await expect(ticket(kitchen, "1")).toHaveCount(0);
    await keys("r", "ArrowUp");
    await kitchen.keyboard.type("risotto");
    const list = dialog("Bring a ticket back");
    await expect(list.getByRole("status")).toHaveCount(0);
    await expect(list.getByRole("listitem")).toHaveCount(1);
    await keys("ArrowDown", "ArrowRight", "Enter");
    await expect(ticket(kitchen, "1")).toBeVisible();
    await keys("Escape");
  });

  await test.step("86: from a ticket in two presses, back from the list", async () => {
    await keys("Escape", "x");
    await expect(kitchen.getByText("Touch the dish that is sold out")).toBeVisible();
    await keys("ArrowDown", "Enter");
    await expect(kitchen.getByText("Trout in butter is sold out")).toBeVisible();
    await expect
      .poll(async () => JSON.stringify(await owner.ask<object>("GET", "/api/owner/stock")))
      .toContain("trout");
    await keys("e", "1", "Enter");
    await expect(kitchen.getByText(/ is available$/)).toBeVisible();
    await keys("Escape");
  });

  for (const table of ["2", "3"]) await visitors.cook(table, [dishes.trout]);
  for (const table of ["4", "5", "6", "7", "8", "9"])
    await visitors.cook(table, [dishes.trout, dishes.risotto, dishes.soup]);
  await expect(kitchen.getByText(/^Page 1 of [2-9]$/)).toBeVisible();

  await test.step("hold, fire, rush, page", async () => {
    const first = kitchen.getByRole("main").getByRole("article").first();
    await keys("2", "h");
    await expect(kitchen.getByRole("region", { name: "Coming up" })).toContainText("Table 2");
    await keys("f", "Enter", "Escape");
    await expect(kitchen.getByRole("region", { name: "Coming up" })).toBeHidden();
    // Table 2 is as young as its firing now, and table 3 has moved up.
    await keys("2", "p");
    await expect(first).toContainText("Rush");
    await expect(first).toContainText("Table 3");
    await keys("PageDown");
    await expect(kitchen.getByText(/^Page 2 of /)).toBeVisible();
    await keys("Home");
    await expect(kitchen.getByText(/^Page 1 of /)).toBeVisible();
  });

  await test.step("every dialog opens and closes", async () => {
    for (const [key, name] of Object.entries({
      F1: "Keys",
      s: "To make in all",
      b: /brake|orders/i,
      v: "Order and filter",
      o: "Settings",
      t: "Stations on this screen",
    })) {
      await keys(key);
      await expect(dialog(name), key).toBeVisible();
      await keys("Backspace");
      await expect(kitchen.getByRole("dialog"), key).toHaveCount(0);
    }
    await keys("c");
    await expect(kitchen.getByRole("region", { name: "Wipe the screen" })).toBeVisible();
    await keys("1", "Enter", "Escape");
    await expect(kitchen.getByRole("region", { name: "Wipe the screen" })).toBeHidden();
  });

  await test.step("serve, here and at the pass", async () => {
    // Table 3 was rushed and stands first, then table 1.
    await keys("1", "Enter");
    await expect(kitchen.getByRole("region", { name: "Ready to serve" })).toContainText("Table 3");
    await keys("d");
    await expect(dialog("Ready to serve").getByRole("button", { name: /Table 3/ })).toBeFocused();
    await keys("Enter");
    await expect(dialog("Ready to serve")).toContainText("Nothing is ready to serve.");
    await keys("Escape", "1", "Enter");
    await expect(kitchen.getByRole("region", { name: "Ready to serve" })).toContainText("Table 1");

    await keys("t", "2", "Enter", "Backspace");
    const card = kitchen.getByRole("article", { name: /^Table 1, order/ });
    await expect(card).toContainText("All ready");
    await keys("1", "Enter");
    await expect(card).toHaveCount(0);
    await keys("Backspace");
    await expect(card).toContainText("All ready");
    await keys("1", "Enter");
    await expect(card).toHaveCount(0);
    await expect.poll(async () => (await truth(visitors)).ready).toEqual([]);
  });
  expect(await kitchen.title(), "nothing was touched").not.toBe("a finger");
});

test("in bright light, and covered after an outage, everything can be read", async ({ house, visitors }) => {
  const kitchen = await clocked(visitors, house.url, { ...wall, reducedMotion: "reduce" });
  await visitors.cook("1", [dishes.trout], { allergies: ["fish"], note: "no hurry" });
  await visitors.cook("2", [dishes.risotto]);
  await expect(kitchen.getByText("2 tickets")).toBeVisible();
  await kitchen.keyboard.press("o");
  await kitchen.getByRole("button", { name: "Light", exact: true }).click();
  await clean(kitchen, "settings in light");
  await kitchen.keyboard.press("Escape");
  await clean(kitchen, "light");
  await kitchen.keyboard.press("x");
  await clean(kitchen, "light, a dish is asked for");
  await kitchen.keyboard.press("Escape");
  await house.kill();
  await expect(kitchen.getByText(/^No connection since/)).toBeVisible({ timeout: 8 * second });
  await clean(kitchen, "light and stale");
  await kitchen.clock.fastForward(31 * second);
  await expect(kitchen.getByRole("region", { name: "No connection" })).toBeVisible();
  await clean(kitchen, "light and covered");
});

/** Runs in a page: a start is sent twice with one key, then something else with that key. */
function pressTwice(token: string): Promise<object[]> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://${location.host}/api/kitchen/live`, "comanda.kitchen.v1");
    const answers: object[] = [];
    socket.onopen = () => socket.send(JSON.stringify({ type: "hello", token, watch: true }));
    socket.onmessage = ({ data }) => {
      const message = JSON.parse(data) as { type: string; tickets?: { id: string; state: string }[] };
      if (message.type === "snapshot") {
        const { id } = message.tickets!.find((t) => t.state === "new")!;
        const press = { type: "start", key: "the-very-same", ticket: id };
        for (const sent of [press, press, { ...press, undo: true }]) socket.send(JSON.stringify(sent));
      }
      if (message.type === "done" || message.type === "refused") answers.push(message);
      if (answers.length === 3) resolve(answers);
    };
  });
}
