import { asProblem, type Problem } from "../lib/problem";

/**
 * Something the device keeps, fetched when it is first wanted and again when the device says that it changed. While
 * it is fetched again the old one stays; a fetch that was asked for during a fetch is done once afterwards.
 */
export class Resource<T> {
  value = $state.raw<T>();
  /** Why the last fetch brought nothing; what was fetched before stays. */
  problem = $state.raw<Problem>();
  loading = $state(false);

  #fetch: () => Promise<T>;
  #wanted = false;
  #again = false;

  constructor(fetch: () => Promise<T>) {
    this.#fetch = fetch;
  }

  /** From now on the thing is kept up to date. */
  want(): void {
    if (this.#wanted && this.value !== undefined && !this.problem) return;
    this.#wanted = true;
    void this.load();
  }

  /** The device says that it changed. */
  changed(): void {
    if (this.#wanted) void this.load();
  }

  /** Fetches it now; resolves when it is there or the fetch has failed. */
  async load(): Promise<void> {
    if (this.loading) {
      this.#again = true;
      return;
    }
    this.loading = true;
    do {
      this.#again = false;
      try {
        this.value = await this.#fetch();
        this.problem = undefined;
      } catch (error) {
        this.problem = asProblem(error);
      }
    } while (this.#again);
    this.loading = false;
  }
}
