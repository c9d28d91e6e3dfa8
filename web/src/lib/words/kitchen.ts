import { words } from "../words.svelte";
import de from "./kitchen.de.json";
import en from "./kitchen.en.json";

/** The words of the kitchen screen. */
export const say = words({ en, de });
