import { words } from "../words.svelte";
import de from "./allergens.de.json";
import en from "./allergens.en.json";

const say = words({ en, de });

/** The word for one of the fourteen allergens of Annex II, Regulation (EU) 1169/2011. Reactive. */
export function allergen(id: string): string {
  return id in en ? say(id as keyof typeof en) : id;
}
