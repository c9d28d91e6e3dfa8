import { asProblem, type Problem } from "../lib/problem";
import type { House } from "./house.svelte";
import type { MenuCheck } from "./wire";

/** The largest menu file the device takes, in bytes. */
export const largestMenu = 4 * 1024 * 1024;

/** Draft is a menu file before it is published: its text and what the device thinks of exactly that text. */
export class Draft {
  text = $state("");
  name = $state("");
  check = $state.raw<MenuCheck>();
  problem = $state.raw<Problem>();
  tooBig = $state(false);
  busy = $state(false);
  #house: Pick<House, "checkMenu" | "publishMenu">;

  constructor(house: Pick<House, "checkMenu" | "publishMenu">) {
    this.#house = house;
  }

  /** Whether exactly this text was found to be sound. */
  sound = $derived(this.check?.ok === true);

  /** Any change makes the last check worthless. */
  write(text: string, name = ""): void {
    this.text = text;
    this.name = name;
    this.check = this.problem = undefined;
    this.tooBig = new Blob([text]).size > largestMenu;
  }

  /** Asks the device what it thinks; an answer about an older text is dropped. */
  async examine(): Promise<void> {
    if (this.text.trim() === "" || this.tooBig) return;
    const text = this.text;
    this.busy = true;
    try {
      const check = await this.#house.checkMenu(text);
      if (text === this.text) this.check = check;
    } catch (error) {
      if (text === this.text) this.problem = asProblem(error);
    } finally {
      this.busy = false;
    }
  }

  /** Makes it the current menu; it gives the version, or undefined when it did not work. */
  async publish(): Promise<number | undefined> {
    if (!this.sound || this.busy) return undefined;
    this.busy = true;
    try {
      const version = await this.#house.publishMenu(this.text);
      this.write("");
      return version;
    } catch (error) {
      this.problem = asProblem(error);
      return undefined;
    } finally {
      this.busy = false;
    }
  }
}
