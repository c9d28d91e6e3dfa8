import { words } from "../words.svelte";
import de from "./pairing.de.json";
import en from "./pairing.en.json";

/** The words of the page that connects a screen. */
export const say = words({ en, de });
