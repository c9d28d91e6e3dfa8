import { isNumber } from "../tables";
import { words } from "../words.svelte";
import de from "./owner.de.json";
import en from "./owner.en.json";

/** The words of the owner's page. */
export const say = words({ en, de });

/** What people call a table of that name. Reactive. */
export function tableText(name: string): string {
  return isNumber(name) ? say("table", { table: name }) : name;
}
