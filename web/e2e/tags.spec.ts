import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, tablet, test } from "./fixtures";

/** No rule of WCAG 2.2 AA is broken on what is shown. */
async function clean(page: Page, what: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  const told = violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 160)).join(" | ")}`);
  expect.soft(told, what).toEqual([]);
}

const still = { reducedMotion: "reduce" } as const;

async function tags(owner: Page, tables: string, tag: string): Promise<void> {
  await owner.getByRole("navigation").first().getByRole("link", { name: tables }).click();
  await owner.getByRole("button", { name: tag, exact: true }).click();
  await expect(owner.getByRole("heading", { name: tag, level: 1 })).toBeVisible();
}

test("a tag is set up at the device's reader, by keyboard, whatever is held to it before", async ({
  house,
  visitors,
}) => {
  const owner = await visitors.screen("owner", { ...tablet, ...still });
  await tags(owner, "Tables", "Tags");
  await clean(owner, "the list");
  await owner.getByRole("button", { name: "Set up tags" }).click();
  const dialog = owner.getByRole("dialog", { name: "Set up tags" });
  const only = dialog.getByRole("textbox", { name: "For which tables?" });
  await only.fill("nowhere");
  await expect(dialog.getByRole("alert")).toContainText("There is no table nowhere");
  await only.fill("1-2");
  await dialog.getByRole("checkbox", { name: /Also tables that have a tag/ }).press("Space");
  await clean(owner, "the choice");
  await only.press("Enter");

  await expect(dialog).toContainText("Hold the tag for Table 1 to the reader");
  await expect(dialog).toContainText("1 of 2");
  await clean(owner, "waiting");
  await house.tap({ what: "phone" });
  await expect(dialog).toContainText("This is a phone");
  await house.tap({ table: "5" });
  await expect(dialog).toContainText("This tag belongs to Table 5. Take it from there?");
  await clean(owner, "asking");
  await dialog.getByRole("button", { name: "No, another tag" }).press("Enter");
  await house.tap({ what: "unknown" });
  await expect(dialog).toContainText("Table 1 is done");
  await expect(dialog).toContainText("Hold the tag for Table 2 to the reader");
  await dialog.getByRole("button", { name: "Skip" }).press("Enter");
  await expect(dialog).toContainText("1 tag is set up");
  await expect(dialog).toContainText("1 table has no tag yet");
  await clean(owner, "the end");
  await dialog.getByRole("button", { name: "Close", exact: true }).last().press("Enter");
  await expect(dialog).toBeHidden();

  await owner.getByRole("button", { name: /04010203040506/ }).click();
  const tag = owner.getByRole("dialog");
  await expect(tag).toContainText("Set up for Table 1");
  await clean(owner, "a tag");
  await tag.getByRole("button", { name: "It is lost" }).click();
  await owner.getByRole("dialog").last().getByRole("button", { name: "It is lost" }).click();
  await expect(tag).toContainText("Lost");
  await tag.getByRole("button", { name: "Bring it back" }).click();
  await expect(tag).toContainText("Found again at Table 1");
});

test("without a reader the wizard says so and waits, in German; leaving gives the reader back", async ({
  house,
  visitors,
}) => {
  const owner = await visitors.screen("owner", { ...tablet, ...still, locale: "de-DE" });
  await tags(owner, "Tische", "Marken");
  await house.reader("off");
  await owner.getByRole("button", { name: "Marken einrichten" }).click();
  const dialog = owner.getByRole("dialog", { name: "Marken einrichten" });
  await expect(dialog).toContainText("Kein Leser");
  await clean(owner, "kein Leser");
  await dialog.getByRole("textbox").fill("1");
  await dialog.getByRole("checkbox", { name: /Auch Tische/ }).check();
  const begin = dialog.getByRole("button", { name: "Mit 1 Tisch beginnen" });
  await expect(begin).toBeDisabled();
  await house.reader("on");
  await expect(begin).toBeEnabled({ timeout: 15_000 });
  await begin.click();
  await expect(dialog).toContainText("Die Marke für Tisch 1 an den Leser halten");
  await owner.keyboard.press("Escape");
  await expect(dialog).toBeHidden();

  // Taps count for guests again as soon as the device has heard of it.
  const api = await house.owner();
  await expect(async () => {
    await house.tap({ table: "7" });
    expect(JSON.stringify(await api.ask("GET", "/api/owner/floor"))).toContain('"table":"7"');
  }).toPass();
});
