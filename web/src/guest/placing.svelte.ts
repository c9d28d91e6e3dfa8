import type { Api } from "../lib/api";
import { newKey } from "../lib/key";
import { asProblem, type Problem } from "../lib/problem";
import { forget, recall, remember } from "../lib/storage";
import type { Allergen, OrderBody, OrderReceipt } from "../lib/types";
import type { Cart } from "./cart.svelte";

/**
 * Where an order stands on its way out: `open` can still be changed; `sending` waits for the first answer;
 * `checking` may or may not have arrived (it is asked for by its key and sent again with the same key until the
 * device says which); `refused` certainly did not arrive.
 */
export type Phase = "open" | "sending" | "checking" | "refused";

/** Characters a guest may write to an order; the device takes no more. */
export const longestWords = 500;

interface Draft {
  key: string;
  /** What was sent under the key and has not been answered. */
  sent?: OrderBody;
}

/** What a Placing needs. */
export interface PlacingOptions {
  api: Pick<Api, "get" | "ask">;
  cart: Cart;
  /** The version of the menu the guest sees. */
  version: () => number;
  onplaced: (receipt: OrderReceipt) => void;
  wait?: (ms: number) => Promise<void>;
}

const waits = [1000, 2000, 4000, 8000, 10_000];

/**
 * The guest's intention to order. Its key is made when the review opens and is kept, through reloads, until the
 * device has answered: however often the order is sent, it is cooked once.
 */
export class Placing {
  phase = $state<Phase>("open");
  /** Why it was refused. */
  problem = $state.raw<Problem | undefined>();
  /** How often nobody answered since the order was first sent. */
  silent = $state(0);
  note = $state("");
  allergies = $state.raw<Allergen[]>([]);
  allergyNote = $state("");
  dining = $state<"eat_in" | "take_away">("eat_in");

  readonly #options: PlacingOptions;
  #session = "";
  #draft: Draft | undefined;

  constructor(options: PlacingOptions) {
    this.#options = options;
  }

  /** An order is on its way and its fate is not known. Nothing else can be ordered until it is. */
  get pending(): boolean {
    return this.phase === "sending" || this.phase === "checking";
  }

  /** The key of the intention, once there is one. */
  get key(): string | undefined {
    return this.#draft?.key;
  }

  /** Takes up what the session left behind: declared allergies, and an order that was never answered. */
  open(session: string): void {
    if (this.#session === session) return;
    this.#session = session;
    const declared = recall<{ allergies: Allergen[]; note: string }>(this.#name("allergies"));
    this.allergies = declared?.allergies ?? [];
    this.allergyNote = declared?.note ?? "";
    this.note = "";
    this.problem = undefined;
    this.#draft = recall<Draft>(this.#name("draft"));
    this.phase = this.#draft?.sent ? "checking" : "open";
    if (this.#draft?.sent) void this.#check();
  }

  /** The review opens: the intention begins, or goes on. */
  review(): void {
    if (this.pending) return;
    this.#draft ??= { key: newKey() };
    this.#keep();
    if (this.phase === "refused") this.phase = "open";
  }

  /** Keeps what the guest declared for further rounds at this table. */
  declare(): void {
    const declared = { allergies: this.allergies, note: this.allergyNote };
    remember(this.#name("allergies"), declared);
  }

  /** Sends the order. */
  async send(): Promise<void> {
    if (this.pending || this.#options.cart.lines.length === 0) return;
    this.review();
    this.declare();
    this.problem = undefined;
    this.silent = 0;
    this.phase = "sending";
    this.#draft!.sent = this.#body();
    this.#keep();
    await this.#post();
  }

  /** Asks once more right now: the guest pressed the button. */
  async again(): Promise<void> {
    if (this.phase === "checking") await this.#look();
  }

  #body(): OrderBody {
    const body: OrderBody = {
      key: this.#draft!.key,
      menu_version: this.#options.version(),
      lines: this.#options.cart.wanted(),
      dining: this.dining,
    };
    if (this.note.trim()) body.note = this.note.trim().slice(0, longestWords);
    if (this.allergies.length > 0) body.allergies = this.allergies;
    if (this.allergyNote.trim()) body.allergy_note = this.allergyNote.trim().slice(0, longestWords);
    return body;
  }

  async #post(): Promise<void> {
    const sent = this.#draft?.sent;
    if (!sent) return;
    try {
      const ask = { method: "POST" as const, body: sent, timeout: 15_000 };
      const { value } = await this.#options.api.ask<OrderReceipt>("/api/guest/orders", ask);
      this.#placed(value);
    } catch (error) {
      const problem = asProblem(error);
      if (problem.code === "key_reused") await this.#reused(problem);
      else if (problem.uncertain) await this.#unanswered();
      else if (this.phase === "checking" && problem.passing) this.silent++;
      else this.#refused(problem);
    }
  }

  /** An earlier sending of this key did arrive after all: what it brought is the order. */
  async #reused(problem: Problem): Promise<void> {
    try {
      this.#placed(await this.#receipt());
    } catch (error) {
      if (asProblem(error).uncertain) return this.#unanswered();
      this.#draft = { key: newKey() };
      this.#refused(problem);
    }
  }

  async #unanswered(): Promise<void> {
    const first = this.phase === "sending";
    this.silent++;
    this.phase = "checking";
    if (first) await this.#check();
  }

  async #check(): Promise<void> {
    const wait = this.#options.wait ?? ((ms) => new Promise<void>((done) => setTimeout(done, ms)));
    const draft = this.#draft;
    for (let i = 0; this.phase === "checking" && this.#draft === draft; i++) {
      await wait(waits[Math.min(i, waits.length - 1)]!);
      if (this.phase === "checking" && this.#draft === draft) await this.#look();
    }
  }

  #looking = false;

  /** By the key first; what the device has not seen is sent again, exactly as it was. */
  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      this.#placed(await this.#receipt());
    } catch (error) {
      const problem = asProblem(error);
      if (problem.uncertain || problem.passing) this.silent++;
      else await this.#post();
    } finally {
      this.#looking = false;
    }
  }

  #receipt(): Promise<OrderReceipt> {
    return this.#options.api.get(`/api/guest/orders/by-key/${encodeURIComponent(this.#draft!.key)}`, {
      tries: 1,
    });
  }

  #placed(receipt: OrderReceipt): void {
    this.#draft = undefined;
    forget(this.#name("draft"));
    this.phase = "open";
    this.problem = undefined;
    this.note = "";
    this.#options.cart.clear();
    this.#options.onplaced(receipt);
  }

  /** The device said no: nothing was kept under the key, so it serves for the corrected order. */
  #refused(problem: Problem): void {
    this.phase = "refused";
    this.problem = problem;
    if (this.#draft) delete this.#draft.sent;
    this.#keep();
  }

  #keep(): void {
    if (this.#draft) remember(this.#name("draft"), this.#draft);
  }

  #name(what: string): string {
    return `comanda.${what}.${this.#session}`;
  }
}
