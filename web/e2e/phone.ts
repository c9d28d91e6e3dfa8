import { expect, type Locator, type Page } from "@playwright/test";

/** A guest's page in English, as thumbs use it. */
export class Phone {
  constructor(readonly page: Page) {}

  get sheet(): Locator {
    return this.page.getByRole("dialog");
  }

  /** Adds a dish that needs no choice. */
  async add(name: string): Promise<void> {
    await this.page.getByRole("button", { name: `Add ${name}` }).click();
  }

  /** Opens the sheet of a dish with choices. */
  async choose(name: string): Promise<void> {
    await this.page.getByRole("button", { name: `Choose ${name}`, exact: true }).click();
    await expect(this.sheet.getByRole("heading", { name })).toBeVisible();
  }

  /** Takes the dish of the open sheet. */
  async take(): Promise<void> {
    await this.sheet.getByRole("button", { name: /^Add · / }).click();
    await expect(this.sheet).toBeHidden();
  }

  async review(): Promise<void> {
    await this.page.getByRole("button", { name: /Review order/ }).click();
    await expect(this.page.getByRole("heading", { name: "Your order" })).toBeVisible();
  }

  get send(): Locator {
    return this.page.getByRole("button", { name: /^Order now · / });
  }

  /** Goes to one of the main areas. */
  async tab(name: "Menu" | "Orders" | "Service"): Promise<void> {
    await this.page.getByRole("navigation", { name: "Main areas" }).getByRole("button", { name }).click();
  }

  /** The card of an order, by the words of its state. */
  card(state: string): Locator {
    return this.page
      .getByRole("article")
      .filter({ has: this.page.getByRole("heading", { name: state, exact: true }) });
  }
}
