import { Api } from "../lib/api";
import { newKey } from "../lib/key";
import { Live } from "../lib/live.svelte";
import { unknownKey } from "../lib/pairing.svelte";
import { asProblem, type Problem } from "../lib/problem";
import { ServerClock } from "../lib/time.svelte";
import { Resource } from "./resource.svelte";
import { Staff } from "./staff.svelte";
import { Tagging } from "./tagging.svelte";
import type {
  Changed,
  Devices,
  Floor,
  HelpKind,
  Kitchen,
  Menu,
  MenuCheck,
  MenuPublished,
  NewTable,
  Pace,
  PairingAnswer,
  ServerMessage,
  State,
  Stock,
  StockList,
  Tables,
} from "./wire";

/** What an owner's page needs from its surroundings. */
export interface HouseOptions {
  key: string;
  /** The device does not know the key any more. */
  onremoved: () => void;
  /** Something the owner asked for did not work. */
  onproblem: (problem: Problem) => void;
  api?: Api;
}

/** House is the restaurant as its owner sees it, kept up to date, with everything an owner can do. */
export class House {
  readonly clock = new ServerClock();
  readonly live: Live<ServerMessage>;
  readonly state: Resource<State>;
  readonly floor: Resource<Floor>;
  /** The kitchen as it stands, with the numbers of today. */
  readonly kitchen: Resource<Kitchen>;
  readonly tables: Resource<Tables>;
  /** The current menu; nothing has been published yet when its problem has status 404. */
  readonly menu: Resource<Menu>;
  readonly stock: Resource<StockList>;
  readonly devices: Resource<Devices>;
  readonly staff: Staff;
  readonly tagging: Tagging;
  /** How many commands are on their way. */
  busy = $state(0);

  readonly #api: Api;
  readonly #options: HouseOptions;
  #timer: ReturnType<typeof setInterval> | undefined;
  #soon: ReturnType<typeof setTimeout> | undefined;

  constructor(options: HouseOptions) {
    this.#options = options;
    const api = (this.#api = options.api ?? new Api(() => options.key));
    const fetch = <T>(path: string) => new Resource<T>(() => this.#signedIn(api.get<T>(path)));
    this.state = fetch("/api/owner/state");
    this.floor = fetch("/api/owner/floor");
    this.kitchen = fetch("/api/owner/kitchen");
    this.tables = fetch("/api/owner/tables");
    this.menu = fetch("/api/owner/menu?format=json");
    this.stock = fetch("/api/owner/stock");
    this.devices = fetch("/api/owner/devices");
    this.staff = new Staff({
      api,
      run: (command, changed) => this.#run(command, changed),
      signedIn: (answer) => this.#signedIn(answer),
      onproblem: (problem) => options.onproblem(problem),
    });
    this.tagging = new Tagging({
      api,
      run: (command, changed) => this.#run(command, changed),
      signedIn: (answer) => this.#signedIn(answer),
    });
    this.live = new Live<ServerMessage>({
      path: "/api/owner/live",
      protocol: "comanda.owner.v1",
      clock: this.clock,
      hello: () => ({ type: "hello", token: options.key }),
      // What happened while the line was down is unknown: everything that is shown is fetched again.
      onopen: () => this.changed(["floor", "stock", "tables", "menu", "devices", "state", "people"]),
      onmessage: (message) => {
        if (message.type === "changed") this.changed(message.what);
      },
      onrefused: (code) => {
        if (unknownKey(code)) options.onremoved();
      },
    });
  }

  start(): void {
    this.clock.start();
    this.live.start();
    // The health of parts and the age of tickets change without an event in the journal.
    this.#timer = setInterval(() => {
      this.state.changed();
      this.kitchen.changed();
    }, 15_000);
  }

  stop(): void {
    clearInterval(this.#timer);
    clearTimeout(this.#soon);
    this.live.stop();
    this.staff.stop();
    this.tagging.stop();
    this.clock.stop();
  }

  /** Fetches again what is shown of it. */
  changed(what: Changed["what"]): void {
    for (const name of what) (name === "people" ? this.staff : this[name]).changed();
    if (what.includes("devices")) this.staff.me.changed();
    if (what.includes("tables")) this.tagging.changed();
    if (what.includes("state")) this.tagging.stepped();
    if (what.includes("floor") || what.includes("tables")) this.#kitchenSoon();
  }

  /** Every ticket changes the kitchen's figures; nobody reads them more often than this. */
  #kitchenSoon(): void {
    this.#soon ??= setTimeout(() => {
      this.#soon = undefined;
      this.kitchen.changed();
    }, 1000);
  }

  currency = $derived.by(() => this.state.value?.venue.currency ?? "EUR");

  accept(order: string): Promise<boolean> {
    return this.#post(`/api/owner/orders/${order}/accept`, undefined, this.floor);
  }

  reject(order: string, reason: string): Promise<boolean> {
    return this.#post(`/api/owner/orders/${order}/reject`, { reason }, this.floor);
  }

  serve(order: string): Promise<boolean> {
    return this.#post(`/api/owner/orders/${order}/serve`, undefined, this.floor);
  }

  /** Fires a held course of an order. It is named, so that a repeat does not fire the one after it. */
  fire(order: string, course: number): Promise<boolean> {
    return this.#run(this.#api.post(`/api/owner/orders/${order}/fire`, { course }, { tries: 3 }), this.floor);
  }

  /** Slows a channel down, pauses it, or opens it again; "all" is every channel. */
  setPace(pace: Pace): Promise<boolean> {
    return this.#run(this.#api.put("/api/owner/pace", pace, { tries: 3 }), this.kitchen);
  }

  /** The numbers of a business day ("2026-11-20"). */
  kitchenOn(day: string): Promise<Kitchen> {
    return this.#signedIn(this.#api.get<Kitchen>(`/api/owner/kitchen?day=${encodeURIComponent(day)}`));
  }

  /** The numbers of a business day as a file of comma-separated values. */
  kitchenFile(day: string): Promise<string> {
    return this.#api.get<string>(`/api/owner/kitchen/times.csv?day=${encodeURIComponent(day)}`);
  }

  /**
   * Takes quantity of a line off an order, or the whole order when there is no line. Where the house wants a badge for
   * that, it is asked for.
   */
  async cancel(order: string, reason: string, line?: number, quantity?: number): Promise<boolean> {
    const body = { key: newKey(), reason, ...(line !== undefined && { line, quantity }) };
    try {
      await this.#signedIn(this.#api.post(`/api/owner/orders/${order}/cancel`, body, { tries: 3 }));
      return true;
    } catch (error) {
      const problem = asProblem(error);
      if (problem.code === "approval_needed") return this.staff.askCancel(order, body);
      this.#options.onproblem(problem);
      return false;
    } finally {
      this.floor.changed();
    }
  }

  /** Records a payment. The key belongs to the intention: the same key is never booked twice. */
  pay(session: string, key: string, kind: "cash" | "card", amount: number): Promise<boolean> {
    return this.#post(`/api/owner/sessions/${session}/pay`, { key, kind, amount }, this.floor);
  }

  close(session: string, reason: string): Promise<boolean> {
    return this.#post(`/api/owner/sessions/${session}/close`, reason ? { reason } : {}, this.floor);
  }

  helped(session: string, what: HelpKind): Promise<boolean> {
    return this.#post(`/api/owner/sessions/${session}/help-done`, { what }, this.floor);
  }

  async lock(table: string, locked: boolean): Promise<boolean> {
    const done = await this.#post(`/api/owner/tables/${table}/lock`, { locked }, this.tables);
    this.floor.changed();
    return done;
  }

  addTables(tables: NewTable[]): Promise<boolean> {
    return this.#post("/api/owner/tables", { tables }, this.tables);
  }

  changeTable(id: string, change: Partial<NewTable> & { retired?: boolean }): Promise<boolean> {
    return this.#run(this.#api.patch(`/api/owner/tables/${id}`, change), this.tables);
  }

  /** Makes a new printed code; the one that hangs on the wall stops working. */
  renewCode(id: string): Promise<boolean> {
    return this.#post(`/api/owner/tables/${id}/token`, { medium: "qr" }, this.tables);
  }

  /** The printed code of a table as the text of an SVG. */
  code(id: string): Promise<string> {
    return this.#api.get<string>(`/api/owner/tables/${id}/qr.svg`);
  }

  /** The menu as a file's text. */
  async menuFile(format: "yaml" | "json"): Promise<string> {
    const file = await this.#api.get<unknown>(`/api/owner/menu?format=${format}`);
    return typeof file === "string" ? file : `${JSON.stringify(file, undefined, 2)}\n`;
  }

  checkMenu(text: string): Promise<MenuCheck> {
    return this.#api.post<MenuCheck>("/api/owner/menu/check", text, {
      type: "application/yaml",
      timeout: 30_000,
    });
  }

  async publishMenu(text: string): Promise<number> {
    const ask = { type: "application/yaml", timeout: 30_000 };
    const { version } = await this.#api.post<MenuPublished>("/api/owner/menu", text, ask);
    await this.menu.load();
    return version;
  }

  setStock(stock: Stock): Promise<boolean> {
    return this.#run(this.#api.put("/api/owner/stock", stock), this.stock);
  }

  async pairing(
    role: "kitchen" | "display" | "owner",
    stations: string[],
    table: string,
  ): Promise<PairingAnswer> {
    const body = {
      role,
      ...(role === "kitchen" && stations.length > 0 && { stations }),
      ...(role === "display" && table && { table_id: table }),
    };
    return this.#api.post<PairingAnswer>("/api/owner/pairing", body);
  }

  removeDevice(id: string): Promise<boolean> {
    return this.#run(this.#api.delete(`/api/owner/devices/${id}`), this.devices);
  }

  #post(path: string, body: unknown, changed: Resource<unknown>): Promise<boolean> {
    // A body with a key may be sent again without harm; accepting, serving and closing twice is the same as once.
    const repeatable = body === undefined || (typeof body === "object" && body !== null && "key" in body);
    return this.#run(this.#api.post(path, body, { tries: repeatable ? 3 : 1 }), changed);
  }

  /** Waits for a command, shows what it changed, and says whether it was carried out. */
  async #run(command: Promise<unknown>, changed: Resource<unknown>): Promise<boolean> {
    this.busy++;
    try {
      await this.#signedIn(command);
      return true;
    } catch (error) {
      this.#options.onproblem(asProblem(error));
      return false;
    } finally {
      this.busy--;
      changed.changed();
    }
  }

  async #signedIn<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      if (asProblem(error).status === 401) this.#options.onremoved();
      throw error;
    }
  }
}
