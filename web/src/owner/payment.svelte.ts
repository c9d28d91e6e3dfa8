import { newKey } from "../lib/key";
import { amountOf, editable } from "./amount";
import type { House } from "./house.svelte";
import type { Bill } from "./wire";

/** What is wrong with the amount that was typed. */
export type AmountProblem = "bad" | "much";

/**
 * Payment is a payment being taken at a table. Its key is made once for the intention and kept until the device has
 * booked it, so that pressing again after a lost answer books nothing twice.
 */
export class Payment {
  text = $state("");
  busy = $state(false);
  #touched = false;
  #key = newKey();
  #house: Pick<House, "pay">;
  #session: string;

  constructor(house: Pick<House, "pay">, session: string) {
    this.#house = house;
    this.#session = session;
  }

  /** Fills in what is still due, unless somebody has typed something else. */
  prefill(due: number, currency: string, language: string): void {
    if (!this.#touched) this.text = editable(due, currency, language);
  }

  type(text: string): void {
    this.#touched = true;
    this.text = text;
  }

  /** The amount in minor units, or what is wrong with it. */
  read(bill: Pick<Bill, "due">, currency: string, language: string): number | AmountProblem {
    const amount = amountOf(this.text, currency, language);
    if (amount === undefined || amount === 0) return "bad";
    return amount > bill.due ? "much" : amount;
  }

  /** Books it; says whether the device has. */
  async take(kind: "cash" | "card", amount: number): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    const done = await this.#house.pay(this.#session, `${this.#key}:${kind}:${amount}`, kind, amount);
    this.busy = false;
    if (done) {
      this.#key = newKey();
      this.#touched = false;
    }
    return done;
  }
}
