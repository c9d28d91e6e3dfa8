import { isNumber } from "../tables";
import { words } from "../words.svelte";
import de from "./kitchen.de.json";
import en from "./kitchen.en.json";

/** The words of the kitchen screen. */
export const say = words({ en, de });

/** What people call a table of that name. Reactive. */
export function tableText(name: string): string {
  return isNumber(name) ? say("table", { table: name }) : name;
}
