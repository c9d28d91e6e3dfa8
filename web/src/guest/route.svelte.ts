/** The pages of the guest's screen. */
export type Page = "menu" | "orders" | "service" | "review" | "bill";

/** What lies over a page: an item (a new line, or one of the cart to change), the filters, the languages. */
export type Sheet =
  | { kind: "item"; item: string; line?: string }
  | { kind: "filters" }
  | { kind: "language" }
  | { kind: "differences" };

interface Place {
  page: Page;
  sheet: Sheet | null;
  /** How many steps of ours lie before this one: how far "back" stays in the page. */
  depth: number;
}

const start: Place = { page: "menu", sheet: null, depth: 0 };

/**
 * Where the guest is. Every page and sheet is a step of the browser's history, so that the phone's own back button
 * closes a sheet instead of leaving the table.
 */
export class Route {
  #place = $state.raw<Place>(start);
  readonly #history: Pick<History, "state" | "pushState" | "replaceState" | "back">;

  constructor(history: Pick<History, "state" | "pushState" | "replaceState" | "back">) {
    this.#history = history;
    this.#read(history.state);
  }

  get page(): Page {
    return this.#place.page;
  }

  get sheet(): Sheet | null {
    return this.#place.sheet;
  }

  /** True when "back" leads to a place of ours. */
  get inside(): boolean {
    return this.#place.depth > 0;
  }

  /** To be called with the state of every popstate event. */
  popped(state: unknown): void {
    this.#read(state);
  }

  /** Goes to a page. */
  go(page: Page): void {
    if (page === this.page && !this.sheet) return;
    this.#push({ page, sheet: null });
  }

  /** Goes to a page in place of the present one: back will not return here. */
  swap(page: Page): void {
    this.#place = { page, sheet: null, depth: this.#place.depth };
    this.#history.replaceState(this.#place, "");
  }

  /** Opens a sheet over the page. */
  open(sheet: Sheet): void {
    this.#push({ page: this.page, sheet });
  }

  /** Goes where the guest came from; on the first step, to the menu. */
  back(): void {
    if (this.inside) this.#history.back();
    else if (this.page !== "menu" || this.sheet) this.swap("menu");
  }

  #push(to: Omit<Place, "depth">): void {
    this.#place = { ...to, depth: this.#place.depth + 1 };
    this.#history.pushState(this.#place, "");
  }

  #read(state: unknown): void {
    const place = state as Partial<Place> | null;
    this.#place = place?.page ? { ...start, ...place } : start;
  }
}
