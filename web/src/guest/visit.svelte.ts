import { Api } from "../lib/api";
import type { Live } from "../lib/live.svelte";
import { asProblem, type Problem } from "../lib/problem";
import { forget, recall, remember } from "../lib/storage";
import { ServerClock } from "../lib/time.svelte";
import type {
  GuestMenu,
  GuestQuote,
  GuestStockMessage,
  GuestView,
  GuestViewMessage,
  HelpKind,
  OrderReceipt,
  SeatAnswer,
} from "../lib/types";
import { bestOf, language, spoken } from "../lib/words.svelte";
import { attemptFor } from "./attempt";
import type { Arrival } from "./arrival";
import { Carte } from "./carte.svelte";
import { Cart } from "./cart.svelte";
import { Placing } from "./placing.svelte";
import { loadLaterWords, loadWords } from "./words";

const keyName = "comanda.guest";
/** Where the guest's choice of language is remembered. */
export const languageName = "comanda.language";
/** How often the table is asked for while the live line is down. */
const pollEvery = 15_000;
/** How often the menu is asked for again, for what the hours open and close. */
const menuEvery = 5 * 60_000;

type GuestMessage = GuestViewMessage | GuestStockMessage;

/** A guest at a table: their key, what the device says about table and menu, and the line on which it says so. */
export class Visit {
  /** What the device last said about the table. */
  view = $state.raw<GuestView | undefined>();
  /** Why the guest could not be seated, or the menu not be loaded. */
  trouble = $state.raw<Problem | undefined>();
  /** True while the first answer is awaited. */
  arriving = $state(true);
  readonly carte = new Carte();
  readonly clock = new ServerClock();
  readonly api: Api;
  readonly cart: Cart;
  readonly placing: Placing;
  /** The line on which the device tells of changes; fetched and opened once the guest sits. */
  live = $state.raw<Live<GuestMessage> | undefined>();
  /** Shows how the line is; it comes with the line. */
  Reconnecting = $state.raw<typeof import("./line").Reconnecting | undefined>();
  /** Called when an order was taken. */
  onplaced: (receipt: OrderReceipt) => void = () => {};

  readonly #arrival: Arrival;
  #key: string | undefined;
  #timers: ReturnType<typeof setInterval>[] = [];
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(arrival: Arrival) {
    this.#arrival = arrival;
    this.#key = arrival.key ?? recall<string>(keyName);
    if (arrival.key) remember(keyName, arrival.key);
    this.api = new Api(() => this.#key);
    this.cart = new Cart(this.carte);
    this.placing = new Placing({
      api: this.api,
      cart: this.cart,
      version: () => this.carte.version,
      onplaced: (receipt) => {
        this.onplaced(receipt);
        void this.refresh();
      },
    });
  }

  /** The device's time now, for stock that comes back by itself. */
  at = (): number => this.clock.read();

  get over(): boolean {
    return this.view?.session.state === "closed" || this.view?.session.state === "abandoned";
  }

  /** What keeps the guest from ordering, if anything does. */
  get barred(): "over" | "locked" | "menu_only" | "stale_presence" | undefined {
    if (!this.view) return undefined;
    if (this.over) return "over";
    if (this.view.session.locked) return "locked";
    if (this.view.permission === "menu_only") return "menu_only";
    if (!this.view.guest.fresh) return "stale_presence";
    return undefined;
  }

  /** The languages to offer: the house's, then those our own words exist in. */
  get languages(): string[] {
    return [...new Set([...(this.view?.venue.languages ?? []), ...spoken])];
  }

  /** Sits the guest down. May be called again after trouble. */
  async arrive(): Promise<void> {
    clearTimeout(this.#retry);
    this.trouble = undefined;
    this.arriving = true;
    try {
      const [view] = await Promise.all([this.#seat(), this.loadMenu()]);
      await this.#settleLanguage(view);
      this.#take(view);
      this.#watch();
    } catch (error) {
      this.trouble = asProblem(error);
      // Out of reach is not an answer: the page goes on trying by itself.
      if (this.trouble.passing)
        this.#retry = setTimeout(() => void this.arrive(), Math.max(4000, this.trouble.retryAfter * 1000));
    } finally {
      this.arriving = false;
    }
  }

  /** Asks for the table once, for when the live line cannot say. */
  async refresh(): Promise<void> {
    try {
      this.#take(await this.api.get<GuestView>("/api/guest/view"));
    } catch (error) {
      const { status } = asProblem(error);
      if (status === 410 || status === 401) this.#ended();
    }
  }

  async loadMenu(): Promise<void> {
    this.carte.data = await this.api.get<GuestMenu>("/api/guest/menu");
  }

  async ask(what: HelpKind): Promise<void> {
    await this.api.post("/api/guest/help", { what }, { tries: 3 });
    await this.refresh();
  }

  async withdraw(order: string): Promise<void> {
    await this.api.delete(`/api/guest/orders/${encodeURIComponent(order)}`);
    await this.refresh();
  }

  /** How long the items would take if they were ordered now, in seconds; zero when nobody knows. */
  quote(items: string[]): Promise<GuestQuote> {
    return this.api.post<GuestQuote>("/api/guest/quote", { items }, { tries: 2 });
  }

  /** Tells the kitchen to go on with the next course of an order. */
  async callCourse(order: string): Promise<void> {
    await this.api.post(`/api/guest/orders/${encodeURIComponent(order)}/next-course`);
    await this.refresh();
  }

  /** Switches the page; the device learns of it for names, messages and receipts. */
  async speak(tag: string): Promise<void> {
    await Promise.all([loadWords(tag), loadLaterWords(tag)]);
    language.set(tag, languageName);
    await this.api.put("/api/guest/language", { language: tag }, { tries: 2 });
    await this.refresh();
  }

  async #seat(): Promise<GuestView> {
    const { token, initData } = this.#arrival;
    if (!token && !initData) return this.api.get<GuestView>("/api/guest/view");
    const wish = recall<string>(languageName) ?? navigator.language;
    const body = {
      token,
      language: wish,
      attempt: attemptFor(token),
      ...(initData ? { telegram_init_data: initData } : {}),
    };
    const answer = await this.#post(body);
    if (answer.guest_key) {
      this.#key = answer.guest_key;
      remember(keyName, answer.guest_key);
    }
    return answer.view;
  }

  /** Sits down with the key of before; a key the device does not know any more is dropped for a new one. */
  async #post(body: object): Promise<SeatAnswer> {
    try {
      return await this.api.post<SeatAnswer>("/api/guest/seat", body, { tries: 3 });
    } catch (error) {
      if (asProblem(error).status !== 401 || !this.#key) throw error;
      this.#key = undefined;
      forget(keyName);
      return this.api.post<SeatAnswer>("/api/guest/seat", body, { tries: 3 });
    }
  }

  async #settleLanguage(view: GuestView): Promise<void> {
    if (recall<string>(languageName)) return;
    const tag = bestOf([...view.venue.languages, ...spoken], navigator.languages ?? []);
    await loadWords(tag).catch(() => {});
    language.set(tag);
  }

  #take(view: GuestView): void {
    this.clock.sync(view.now);
    this.view = view;
    this.cart.open(view.session.id);
    this.placing.open(view.session.id);
    if (this.carte.data && view.menu_version > this.carte.version) void this.loadMenu().catch(() => {});
  }

  #hear(message: GuestMessage): void {
    if (message.type === "view") this.#take(message.view);
    if (message.type !== "stock") return;
    this.carte.setStock(message.stock);
    if (message.menu_version !== this.carte.version) void this.loadMenu().catch(() => {});
  }

  /** The device does not know the session or the guest any more, so it is over; what is known of it stays readable. */
  #ended(): void {
    if (this.view) this.view = { ...this.view, session: { ...this.view.session, state: "closed" } };
  }

  #watch(): void {
    if (this.#timers.length > 0) return;
    this.clock.start();
    void this.#listen();
    this.#timers = [
      setInterval(() => {
        if (this.live?.state === "open" || this.over) return;
        void this.refresh();
        if (!this.live) void this.#listen();
      }, pollEvery),
      setInterval(() => void this.loadMenu().catch(() => {}), menuEvery),
    ];
  }

  /** Without the live line the guest still sees changes, by asking; it is tried again each time. */
  async #listen(): Promise<void> {
    const line = await import("./line").catch(() => undefined);
    if (!line || this.live) return;
    this.Reconnecting = line.Reconnecting;
    this.live = new line.Live<GuestMessage>({
      path: "/api/guest/live",
      protocol: "comanda.guest.v1",
      hello: () => ({ type: "hello", token: this.#key }),
      onmessage: (message) => this.#hear(message),
      onrefused: () => void this.refresh(),
      clock: this.clock,
    }).start();
  }
}
