import type { Found, Ticket } from "./wire";

/** How long the device may take to answer before one may ask again, in milliseconds. */
const patience = 4000;

/** Finder asks the device for tickets of the day that this screen has forgotten or never had. */
export class Finder {
  /** What the last answer was for, and its tickets, the newest first; undefined before there was one. */
  answer = $state.raw<{ text: string; tickets: readonly Ticket[] }>();
  /** A question is on its way. */
  asking = $state(false);

  #send: (message: object) => boolean;
  #newKey: () => string;
  #asked: { key: string; text: string } | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `send` says whether a message went out. */
  constructor(send: (message: object) => boolean, newKey: () => string) {
    this.#send = send;
    this.#newKey = newKey;
  }

  /** Asks for tickets with the text in number, table or a dish; "" is the whole day. It says whether it could ask. */
  ask(text: string): boolean {
    const asked = { key: this.#newKey(), text: text.trim() };
    clearTimeout(this.#timer);
    this.asking = this.#send({ type: "find", ...asked });
    this.#asked = this.asking ? asked : undefined;
    if (this.asking) this.#timer = setTimeout(() => (this.asking = false), patience);
    return this.asking;
  }

  /** Takes an answer; one to an older question is of no interest. */
  found({ key, tickets }: Found): void {
    if (key !== this.#asked?.key) return;
    this.answer = { text: this.#asked.text, tickets };
    this.#end();
  }

  /** The device did not want the question. It says whether it was one of ours. */
  refused(key: string): boolean {
    if (key !== this.#asked?.key) return false;
    this.#end();
    return true;
  }

  /** Forgets answers: whoever opens the list again wants to know anew. */
  forget(): void {
    this.answer = undefined;
    this.#end();
  }

  #end(): void {
    clearTimeout(this.#timer);
    this.#asked = undefined;
    this.asking = false;
  }
}
