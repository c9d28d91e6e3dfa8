import { randomUUID } from "node:crypto";
import type { components } from "../src/api";

type Schemas = components["schemas"];
export type Line = Schemas["LineRequest"];
export type Receipt = Schemas["Receipt"];
export type View = Schemas["GuestView"];

/** What the other people in the house do while a test looks at one screen: the API, spoken directly. */
export class Api {
  readonly #url: string;
  readonly #key: string;

  constructor(url: string, key = "") {
    this.#url = url;
    this.#key = key;
  }

  /** Asks, and fails with the device's own words when it refuses. */
  async ask<T>(method: string, path: string, body?: unknown, type = "application/json"): Promise<T> {
    const answer = await fetch(this.#url + path, {
      method,
      headers: { ...(this.#key && { Authorization: `Bearer ${this.#key}` }), "Content-Type": type },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return (/json/.test(answer.headers.get("Content-Type") ?? "") ? JSON.parse(text) : text) as T;
  }

  /** Redeems six digits for a key. */
  async pair(code: string, name: string): Promise<string> {
    return (await this.ask<Schemas["PairAnswer"]>("POST", "/api/pair", { code, name })).key;
  }

  /** Sits a guest down with the word of a code. */
  async seat(address: string, language = "en"): Promise<Guest> {
    const token = address.split("/").pop();
    const answer = await this.ask<Schemas["SeatAnswer"]>("POST", "/api/guest/seat", { token, language });
    return new Guest(new Api(this.#url, answer.guest_key));
  }
}

/** A guest without a phone to look at. */
export class Guest {
  constructor(readonly api: Api) {}

  /** Places an order. */
  order(lines: Line[], more: Partial<Schemas["OrderBody"]> = {}): Promise<Receipt> {
    return this.api.ask("POST", "/api/guest/orders", { key: randomUUID(), menu_version: 1, lines, ...more });
  }

  view(): Promise<View> {
    return this.api.ask("GET", "/api/guest/view");
  }
}

/** Dishes of the sample menu that need no choice, each for one station. */
export const dishes = {
  bruschetta: { item: "bruschetta", quantity: 1 },
  soup: { item: "soup", quantity: 1 },
  risotto: { item: "risotto", quantity: 1 },
  trout: { item: "trout", quantity: 1 },
} satisfies Record<string, Line>;

/** A burger medium with roast potatoes: fries would be a ticket for the fryer too. */
export const burger: Line = {
  item: "burger",
  quantity: 1,
  modifiers: [
    { id: "medium", quantity: 1 },
    { id: "side-potatoes", quantity: 1 },
  ],
};
