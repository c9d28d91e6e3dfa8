import { isNumber } from "../tables";
import { fill, type Entry, type Spoken, type Values, words } from "../words.svelte";
import de from "./display.de.json";
import en from "./display.en.json";

/** The words of a table's display. */
export const say = words({ en, de });

const catalogs: Record<Spoken, Record<keyof typeof en, Entry>> = { en, de };

/** The same words in a language of one's choice: a display speaks two at once. */
export function sayIn(tongue: Spoken, key: keyof typeof en, values: Values = {}): string {
  return fill(catalogs[tongue][key], values, tongue);
}

/** What people call a table of that name, in a language of one's choice. */
export function tableIn(tongue: Spoken, name: string): string {
  return isNumber(name) ? sayIn(tongue, "table", { table: name }) : name;
}
