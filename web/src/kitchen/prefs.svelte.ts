import { recall, remember } from "../lib/storage";

interface Kept {
  columns?: number;
  stations?: string[];
  language?: string;
}

const remembered = "comanda.kitchen.prefs";
export const mostColumns = 8;

/** How people set up this one screen; remembered in its browser. */
export class Prefs {
  /** 1–8; fewer columns mean bigger letters. */
  columns = $state(4);
  /** The stations to show; none is all. */
  stations = $state.raw<string[]>([]);
  /** "" is the house's language. */
  language = $state("");

  constructor() {
    const kept = recall<Kept>(remembered) ?? {};
    this.columns = bounded(kept.columns ?? 4);
    this.stations = Array.isArray(kept.stations) ? kept.stations.filter((s) => typeof s === "string") : [];
    this.language = typeof kept.language === "string" ? kept.language : "";
  }

  resize(by: number): void {
    this.columns = bounded(this.columns + by);
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

  #keep(): void {
    remember(remembered, { columns: this.columns, stations: this.stations, language: this.language });
  }
}

function bounded(columns: number): number {
  return Math.max(1, Math.min(mostColumns, Math.round(columns) || 4));
}

/**
 * From how far letters of that size can be read, in metres: capitals must fill 16 minutes of arc (ISO 9241-3). The
 * screen's size is told in inches and its picture in pixels.
 */
export function readableFrom(letter: number, inches: number, width: number, height: number): number {
  const millimetres = (inches * 25.4) / Math.hypot(width, height);
  const capital = letter * 0.7 * millimetres;
  return (capital * 21600) / (2 * Math.PI * 16) / 1000;
}
