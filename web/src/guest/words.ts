import de from "../lib/words/guest.de.json";
import en from "../lib/words/guest.en.json";
import { words } from "../lib/words.svelte";

/** The guest's words. */
export const say = words({ en, de });

/** A key of the guest's words. */
export type Word = Parameters<typeof say>[0];
