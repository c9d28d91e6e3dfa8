import { language } from "../lib/words.svelte";
import { loadLaterWords } from "./words";

type Later = typeof import("./later");

/** The parts of the page that are fetched after the first one stands, with their words. */
export class Parts {
  later = $state.raw<Later | undefined>();
  /** They could not be fetched: the device is out of reach, or its page is newer than this one. */
  failed = $state(false);
  #loading: Promise<void> | undefined;

  /** Fetches the parts unless they are there or on their way. */
  load(): Promise<void> {
    this.#loading ??= this.#fetch();
    return this.#loading;
  }

  async #fetch(): Promise<void> {
    this.failed = false;
    try {
      const [later] = await Promise.all([import("./later"), loadLaterWords(language.tag)]);
      this.later = later;
    } catch {
      this.failed = true;
      this.#loading = undefined;
    }
  }
}
