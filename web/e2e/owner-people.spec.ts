import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { burger } from "./api";
import { expect, phone, tablet, test } from "./fixtures";

/** No rule of WCAG 2.2 AA is broken on what is shown. */
async function clean(page: Page, what: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .disableRules("target-size")
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  const told = violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 160)).join(" | ")}`);
  expect.soft(told, what).toEqual([]);
}

const still = { reducedMotion: "reduce" } as const;
const languages = {
  en: {
    add: "Add a person",
    name: "Name",
    role: "Role",
    empty: "Nobody is entered yet",
    in: /^In since/,
    enrol: "Enrol a badge",
  },
  de: {
    add: "Person hinzufügen",
    name: "Name",
    role: "Aufgabe",
    empty: "Noch niemand eingetragen",
    in: /^Da seit/,
    enrol: "Ausweis anlernen",
  },
};

for (const [language, words] of Object.entries(languages)) {
  for (const colorScheme of ["light", "dark"] as const) {
    test(`a person and their badge, ${language}, ${colorScheme}`, async ({ house, visitors }) => {
      const page = await visitors.screen("owner", { ...tablet, ...still, colorScheme, locale: language });
      await page.goto(`${house.url}/owner#people`);
      await expect(page.getByText(words.empty)).toBeVisible();
      await clean(page, "nobody");
      await page.getByRole("button", { name: words.add }).click();
      const dialog = page.getByRole("dialog");
      await clean(page, "add");
      await dialog.getByLabel(words.name).fill("Anna-Katharina");
      await dialog.getByLabel(words.role).selectOption("manager");
      await dialog.getByRole("button", { name: words.add }).click();
      await page.getByRole("button", { name: /^Anna-Katharina/ }).click();
      await expect(dialog).toBeVisible();
      await clean(page, "person");

      // Her card is held to the reader, and is then known by its number.
      await dialog.getByRole("button", { name: words.enrol }).click();
      const card = page.getByRole("dialog").last();
      await expect(card.getByRole("status")).not.toBeEmpty();
      await clean(page, "waiting for a card");
      await house.tap({ what: "unknown" });
      await expect(card.getByRole("button", { name: /^(Done|Fertig)$/ })).toBeVisible();
      await clean(page, "enrolled");
      await card.getByRole("button", { name: /^(Done|Fertig)$/ }).click();
      await expect(dialog.getByText("04010203040506")).toBeVisible();
      await clean(page, "person with a badge");
      await page.keyboard.press("Escape");

      // The reader belongs to no screen, so the badge clocks in.
      await new Promise((done) => setTimeout(done, 1600)); // sooner it would be the same tap
      await house.tap({ what: "unknown" });
      await expect(page.getByRole("button", { name: /^Anna-Katharina/ }).getByText(words.in)).toBeVisible();
      await expect(page.getByRole("row").filter({ hasText: "Anna-Katharina" })).toBeVisible();
      await clean(page, "somebody is in");
    });
  }
}

test("a phone is no badge, and it is said why", async ({ house, visitors }) => {
  const owner = await house.owner();
  const { id } = await owner.ask<{ id: string }>("POST", "/api/owner/people", {
    name: "Bert",
    role: "waiter",
  });
  expect(id).toBeTruthy();
  const page = await visitors.screen("owner", { ...phone, ...still });
  await page.goto(`${house.url}/owner#people`);
  await page.getByRole("button", { name: /^Bert/ }).click();
  await page.getByRole("button", { name: "Enrol a badge" }).click();
  await expect(page.getByText("Hold the card to the reader")).toBeVisible();
  await house.tap({ what: "phone" });
  await expect(page.getByText("This card cannot be used")).toBeVisible();
  await expect(page.getByText(/phone/)).toBeVisible();
  await clean(page, "refused");
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(wide, "nothing is wider than a phone").toBeLessThanOrEqual(0);
});

test.describe("with an approval", () => {
  test.use({ staff: { approve: ["cancel"], approve_within: "10s" } });

  test("cancelling waits for a manager's badge", async ({ house, visitors }) => {
    const owner = await house.owner();
    const { id } = await owner.ask<{ id: string }>("POST", "/api/owner/people", {
      name: "Anna",
      role: "manager",
    });
    await owner.ask("POST", "/api/owner/badges/enrolment", { person_id: id });
    await house.tap({ what: "unknown" });
    await expect
      .poll(() => owner.ask<{ phase: string }>("GET", "/api/owner/badges/enrolment").then((p) => p.phase))
      .toBe("done");
    await owner.ask("DELETE", "/api/owner/badges/enrolment");

    const page = await visitors.screen("owner", { ...tablet, ...still });
    await visitors.cook("3", [burger]);
    await page.goto(`${house.url}/owner#people`);
    // The number of a card can be copied: it approves nothing before the owner says so.
    await page.getByRole("button", { name: /^Anna/ }).click();
    await page.getByLabel("May approve all the same").check();
    await page.keyboard.press("Escape");

    const cancelled = async () => {
      await page.goto(`${house.url}/owner#floor`);
      await page.getByRole("button", { name: "Bill and orders" }).first().click();
      await page.getByRole("button", { name: "Cancel something" }).click();
      await page.getByRole("button", { name: "The whole order" }).click();
      await page.getByLabel("Ordered by mistake").check();
      await page.getByRole("button", { name: "Cancel", exact: true }).last().click();
    };
    await cancelled();
    const approval = page.getByRole("dialog", { name: "Approval needed" });
    await expect(approval.getByText(/seconds? left/)).toBeVisible();
    await clean(page, "waiting for approval");
    await expect(approval.getByText("Nobody approved in time. Nothing was cancelled.")).toBeVisible({
      timeout: 14_000,
    });
    await clean(page, "too late");
    await approval.getByRole("button", { name: "Done" }).click();
    await page.keyboard.press("Escape");

    await page.reload();
    await cancelled();
    await expect(approval.getByText(/seconds? left/)).toBeVisible();
    await house.tap({ what: "unknown" });
    await expect(approval.getByText("Approved by Anna")).toBeVisible();
    await clean(page, "approved");
    await approval.getByRole("button", { name: "Done" }).click();
    await expect(page.getByText(/^Cancelled/).first()).toBeVisible();
  });
});
