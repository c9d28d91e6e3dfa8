import { recall, remember } from "../lib/storage";
import { guess, mostColumns, suggest, usualColumns, zooms, type Size, type View } from "./letters";

interface Kept {
  columns?: number;
  zoom?: number;
  inches?: number;
  metres?: number;
  stations?: string[];
  language?: string;
  ringing?: boolean;
  expo?: boolean;
  passOrder?: string;
}

/** What the orders at the pass are sorted by. */
export type PassOrder = "age" | "ready" | "table";
export const passOrders: readonly PassOrder[] = ["age", "ready", "table"];

const remembered = "comanda.kitchen.prefs";
const asking = "comanda.kitchen.setup";

/** Notes that this screen was connected a moment ago: it asks how big it is until that is answered or skipped. */
export function askForSize(): void {
  if (recall(remembered) === undefined) remember(asking, true);
}

/** How people set up this one screen; remembered in its browser. */
export class Prefs {
  /** 1–8; fewer columns mean bigger letters. */
  columns = $state(4);
  /** Letters in their column, 1 is the usual size. */
  zoom = $state(1);
  /** The screen's diagonal and the distance it is read from. */
  inches = $state(0);
  metres = $state(0);
  /** Whether somebody should say how big the screen is. */
  asks = $state(false);
  /** The stations to show; none is all. */
  stations = $state.raw<string[]>([]);
  /** "" is the house's language. */
  language = $state("");
  /** New tickets ring until somebody touches the screen. */
  ringing = $state(true);
  /** This screen is the pass, where the parts of orders come together. */
  expo = $state(false);
  passOrder = $state<PassOrder>("age");

  constructor() {
    const kept = recall<Kept>(remembered) ?? {};
    const guessed = typeof window === "undefined" ? guess(1920, 1080, false) : guessHere();
    this.columns = bounded(
      kept.columns ?? (typeof window === "undefined" ? 4 : usualColumns(window.innerWidth)),
    );
    this.zoom = zoomed(kept.zoom ?? 1);
    this.inches = positive(kept.inches) ?? guessed.inches;
    this.metres = positive(kept.metres) ?? guessed.metres;
    this.stations = Array.isArray(kept.stations) ? kept.stations.filter((s) => typeof s === "string") : [];
    this.language = typeof kept.language === "string" ? kept.language : "";
    this.ringing = kept.ringing !== false;
    this.expo = kept.expo === true;
    if (passOrders.some((o) => o === kept.passOrder)) this.passOrder = kept.passOrder as PassOrder;
    this.asks = recall<boolean>(asking) === true;
  }

  resize(by: number): void {
    this.columns = bounded(this.columns + by);
    this.#keep();
  }

  /** Makes the letters bigger or smaller within their column, by steps. */
  enlarge(by: number): void {
    this.zoom = zoomed(this.zoom + by * zooms.step);
    this.#keep();
  }

  /** Takes the screen's measures and sets columns and letters so that they can be read from there. */
  fit(view: View): Size {
    const { columns, zoom } = suggest(view);
    Object.assign(this, { columns, zoom, inches: view.inches, metres: view.metres });
    this.#keep();
    return { columns, zoom };
  }

  /** Asks no more how big the screen is. */
  answered(): void {
    this.asks = false;
    remember(asking, false);
    this.#keep();
  }

  toggle(station: string): void {
    const has = this.stations.includes(station);
    this.stations = has ? this.stations.filter((s) => s !== station) : [...this.stations, station];
    this.#keep();
  }

  speak(language: string): void {
    this.language = language;
    this.#keep();
  }

  /** Changes what this screen is. */
  set(to: Partial<Pick<Prefs, "expo" | "passOrder" | "stations">>): void {
    Object.assign(this, to);
    this.#keep();
  }

  ring(ringing: boolean): void {
    this.ringing = ringing;
    this.#keep();
  }

  #keep(): void {
    const { columns, zoom, inches, metres, stations, language, ringing, expo, passOrder } = this;
    const kept: Kept = { columns, zoom, inches, metres, stations, language, ringing, expo, passOrder };
    remember(remembered, kept);
  }
}

function guessHere(): Pick<View, "inches" | "metres"> {
  const touch = typeof matchMedia === "function" && matchMedia("(pointer: coarse)").matches;
  return guess(window.innerWidth, window.innerHeight, touch);
}

function bounded(columns: number): number {
  return Math.max(1, Math.min(mostColumns, Math.round(columns) || 4));
}

function zoomed(zoom: number): number {
  const steps = Math.round((Number.isFinite(zoom) ? zoom : 1) * 10) / 10;
  return Math.max(zooms.least, Math.min(zooms.most, steps));
}

function positive(value: unknown): number | undefined {
  return typeof value === "number" && value > 0 && value < 1000 ? value : undefined;
}
