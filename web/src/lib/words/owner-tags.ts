import { words } from "../words.svelte";
import de from "./owner-tags.de.json";
import en from "./owner-tags.en.json";

/** The words for tags on the owner's page. */
export const sayTag = words({ en, de });
