import { words } from "../words.svelte";
import de from "./owner.de.json";
import en from "./owner.en.json";

/** The words of the owner's page. */
export const say = words({ en, de });
