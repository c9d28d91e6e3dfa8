import { test as base, type BrowserContextOptions, type Page } from "@playwright/test";
import type { Guest, Line, Receipt } from "./api";
import { House, type KitchenSettings, type Role, type StaffSettings } from "./house";

/** A phone as most guests hold it. */
export const phone = {
  viewport: { width: 390, height: 844 },
  isMobile: true,
  hasTouch: true,
  locale: "en-GB",
} satisfies BrowserContextOptions;

/** The sizes of the screens of the house. */
export const wall = {
  viewport: { width: 1920, height: 1080 },
  locale: "en-GB",
} satisfies BrowserContextOptions;
export const tablet = {
  viewport: { width: 1280, height: 900 },
  locale: "en-GB",
} satisfies BrowserContextOptions;

/** Opens pages like different people's devices: nothing is shared between two of them. */
export class Visitors {
  constructor(
    readonly house: House,
    private readonly make: (options: BrowserContextOptions) => Promise<Page>,
  ) {}

  /** An empty page on a device of its own. */
  page(options: BrowserContextOptions = tablet): Promise<Page> {
    return this.make(options);
  }

  /** A screen of the house that was connected before. */
  async screen(role: Role, options: BrowserContextOptions = wall, key?: string): Promise<Page> {
    const page = await this.make(options);
    const known = key ?? (await this.house.ownerKey());
    await page.addInitScript(
      ([name, value]) => localStorage.setItem(name!, JSON.stringify(value)),
      [`comanda.${role}.key`, known],
    );
    await page.goto(`${this.house.url}/${role}`);
    return page;
  }

  /** A guest's phone at a table; it chose to stay on the page. */
  async guest(address: string, options: BrowserContextOptions = phone): Promise<Page> {
    const page = await this.make(options);
    await page.addInitScript(() => localStorage.setItem("comanda.channel", '"web"'));
    await page.goto(address);
    return page;
  }

  /** Orders at a table, and lets the kitchen have it at once. */
  async cook(table: string, lines: Line[], more: Parameters<Guest["order"]>[1] = {}): Promise<Receipt> {
    const owner = await this.house.owner();
    const guest = await owner.seat(this.house.printed(table));
    const receipt = await guest.order(lines, more);
    if (receipt.state === "received") await owner.ask("POST", `/api/owner/orders/${receipt.order}/accept`);
    return receipt;
  }
}

interface Fixtures {
  /** How the kitchen of the house works: `test.use({ kitchen: { hold_courses: true } })`. */
  kitchen: KitchenSettings;
  /** What staff need a badge for: `test.use({ staff: { approve: ["cancel"] } })`. */
  staff: StaffSettings;
  house: House;
  visitors: Visitors;
}

/** Every test has a restaurant of its own, and fails when a page throws or breaks its content security policy. */
export const test = base.extend<Fixtures>({
  kitchen: [{}, { option: true }],
  staff: [{}, { option: true }],
  house: async ({ kitchen, staff }, use) => {
    const house = await House.open(kitchen, staff);
    await use(house);
    await house.close();
  },
  visitors: async ({ browser, house }, use) => {
    const wrong: string[] = [];
    const pages: Page[] = [];
    await use(
      new Visitors(house, async (options) => {
        const context = await browser.newContext(options);
        const page = await context.newPage();
        const watch = (p: Page) => {
          p.on("pageerror", (error) => wrong.push(`${p.url()}: ${error.message}`));
          p.on("console", (message) => {
            if (/Content Security Policy|\[svelte\]/.test(message.text())) wrong.push(message.text());
          });
        };
        watch(page);
        context.on("page", watch);
        pages.push(page);
        return page;
      }),
    );
    await Promise.all(pages.map((page) => page.context().close()));
    base.expect(wrong, "nothing goes wrong behind the pages").toEqual([]);
  },
});

export { expect } from "@playwright/test";
