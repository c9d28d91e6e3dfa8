import { expect, test } from "./fixtures";
import type { Visitors } from "./fixtures";
import type { House } from "./house";

const landscape = { viewport: { width: 1024, height: 600 }, locale: "en-GB" };
const portrait = { viewport: { width: 1080, height: 1920 }, locale: "en-GB" };

async function displayOf(house: House, visitors: Visitors, options = landscape) {
  const display = await visitors.page(options);
  await display.goto(`${house.url}/display`);
  await display.getByLabel("Six digits").fill(house.codes.display);
  await display.getByRole("button", { name: "Connect" }).click();
  const code = display.getByRole("img", { name: new RegExp(`^${house.url}`) });
  await expect(code).toBeVisible();
  return { display, code };
}

test("the code changes by itself, and the one before still works for a while", async ({
  house,
  visitors,
}) => {
  test.setTimeout(90_000);
  const { code } = await displayOf(house, visitors);
  const before = (await code.getAttribute("aria-label"))!;
  const picture = await house.picture();
  await expect(code).not.toHaveAttribute("aria-label", before, { timeout: 65_000 });
  await expect.poll(async () => (await house.picture()).equals(picture)).toBe(false);

  for (const address of [before, (await code.getAttribute("aria-label"))!]) {
    const guest = await visitors.guest(address);
    await expect(guest.getByText("Counter", { exact: true })).toBeVisible();
    await expect(guest.getByText("The staff will confirm", { exact: false })).toHaveCount(0);
  }
});

test("without the device a code is covered long before it expires", async ({ house, visitors }) => {
  const { display, code } = await displayOf(house, visitors);
  await house.kill();
  await expect(display.getByRole("heading", { name: "One moment, please" })).toBeVisible({ timeout: 7000 });
  await expect(display.getByRole("heading", { name: /^Einen Moment/ })).toBeVisible();
  await expect(code).toHaveCount(0);
  await house.start();
  await expect(code).toBeVisible({ timeout: 15_000 });
});

test("a display that dreams shows no old code when it wakes", async ({ house, visitors }) => {
  const { display, code } = await displayOf(house, visitors);
  await display.clock.install();
  await display.reload();
  await expect(code).toBeVisible();
  await display.context().setOffline(true);
  // The browser sleeps: neither timers nor frames for two minutes.
  await display.clock.fastForward("02:00");
  await expect(code).toHaveCount(0);
});

test("a tag nobody knows is answered, and the code comes back", async ({ house, visitors }) => {
  test.setTimeout(75_000);
  const { display, code } = await displayOf(house, visitors);
  await house.tap({ what: "unknown" });
  await expect(display.getByRole("alert")).toContainText("This tag is not known here");
  await expect(display.getByRole("alert")).toHaveCount(0, { timeout: 60_000 });
  await expect(code).toBeVisible();
});

for (const [name, options] of Object.entries({ landscape, portrait }))
  test(`everything is on the screen: ${name}`, async ({ house, visitors }) => {
    const { display, code } = await displayOf(house, visitors, options);
    const { width, height } = options.viewport;
    const box = (await code.boundingBox())!;
    expect(Math.min(box.width, box.height), "big enough to scan").toBeGreaterThan(
      Math.min(width, height) * 0.4,
    );
    const german = display.getByRole("heading", { name: "Hier bestellen" });
    for (const part of [
      code,
      german,
      display.getByRole("heading", { name: "Counter" }),
      display.getByRole("progressbar"),
    ])
      await expect(part).toBeInViewport({ ratio: 1 });
  });
