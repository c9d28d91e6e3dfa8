import type { Api } from "../lib/api";
import { Resource } from "./resource.svelte";
import type { Order, Press, Provision, Tags } from "./tags";

/** What Tagging needs of the house it belongs to. */
export interface TaggingOptions {
  api: Api;
  /** Waits for a command, shows what it changed, and says whether it was carried out. */
  run: (command: Promise<unknown>, changed: Resource<unknown>) => Promise<boolean>;
  /** Watches an answer for a key that is not valid any more. */
  signedIn: <T>(answer: Promise<T>) => Promise<T>;
}

/** How often the device is asked while its reader is lent to us, in milliseconds. It takes the reader back when nobody asks. */
const askEvery = 1000;

/** Tagging is the register of tags, and the walk in which the tags of a room are set up at the device's own reader. */
export class Tagging {
  readonly tags: Resource<Tags>;
  readonly walk: Resource<Provision>;

  readonly #options: TaggingOptions;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(options: TaggingOptions) {
    this.#options = options;
    const { api, signedIn } = options;
    this.tags = new Resource(() => signedIn(api.get<Tags>("/api/owner/tags")));
    this.walk = new Resource(() => signedIn(api.get<Provision>("/api/owner/provision")));
  }

  /** Tags or tables changed. */
  changed(): void {
    this.tags.changed();
  }

  /** Something of the device's health changed, perhaps a step of the walk. */
  stepped(): void {
    // Asking keeps the walk alive, so nobody asks who does not look at it.
    if (this.#timer !== undefined) this.walk.changed();
  }

  /** Follows the walk until what it returns is called. */
  follow(): () => void {
    this.walk.want();
    void this.walk.load();
    clearInterval(this.#timer);
    this.#timer = setInterval(() => void this.walk.load(), askEvery);
    return () => this.stop();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  start(order: Order): Promise<boolean> {
    return this.#options.run(this.#options.api.post("/api/owner/provision", order), this.walk);
  }

  press(press: Press): Promise<boolean> {
    return this.#options.run(this.#options.api.post("/api/owner/provision/press", { press }), this.walk);
  }

  move(uid: string, table: string): Promise<boolean> {
    return this.#change(uid, "move", { table_id: table });
  }

  lose(uid: string): Promise<boolean> {
    return this.#change(uid, "lose");
  }

  find(uid: string): Promise<boolean> {
    return this.#change(uid, "find");
  }

  retire(uid: string): Promise<boolean> {
    return this.#options.run(this.#options.api.delete(`/api/owner/tags/${uid}`), this.tags);
  }

  #change(uid: string, verb: string, body?: unknown): Promise<boolean> {
    // Each of these done twice is the same as done once.
    const command = this.#options.api.post(`/api/owner/tags/${uid}/${verb}`, body, { tries: 3 });
    return this.#options.run(command, this.tags);
  }
}
