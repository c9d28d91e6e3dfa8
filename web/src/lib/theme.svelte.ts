import { recall, remember } from "./storage";

/** How bright the page is: as the device says, or as the reader chose. */
export type Brightness = "auto" | "light" | "dark";

/** The page's brightness, remembered under a name per screen. */
export class Theme {
  chosen = $state<Brightness>("auto");
  readonly #name: string;

  constructor(name: string, start: Brightness = "auto") {
    this.#name = name;
    this.set(recall<Brightness>(name) ?? start);
  }

  set(chosen: Brightness): void {
    this.chosen = chosen;
    remember(this.#name, chosen);
    if (typeof document === "undefined") return;
    if (chosen === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = chosen;
  }
}
