import { lateWords } from "../lib/words.svelte";

const first = lateWords({
  en: () => import("../lib/words/guest.en.json"),
  de: () => import("../lib/words/guest.de.json"),
});
const later = lateWords({
  en: () => import("../lib/words/guest-later.en.json"),
  de: () => import("../lib/words/guest-later.de.json"),
});

/** The words a guest needs up to the first order. */
export const say = first.say;

/** The words of the pages that come later. */
export const sayLater = later.say;

/** Loads the first words for a language; to be awaited before the page speaks it. */
export const loadWords = first.load;

/** Loads the other words for a language. */
export const loadLaterWords = later.load;
