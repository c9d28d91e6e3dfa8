// How big letters must be to be read across a kitchen. Everything on a ticket is in em of one letter size.

/** How many em a column is wide at the usual letter size. */
export const columnEms = 20.5;
/** The size of a dish's name in em; what must be read from afar. See Item.svelte. */
export const dishEms = 1.6;
/** Capitals are about this part of the font size in the fonts that systems bring along. */
const capitals = 0.7;
/** Minutes of arc that a capital fills: the least, and what is comfortable (ISO 9241-303). */
export const leastArc = 16;
export const goodArc = 20;

export const mostColumns = 8;
/** How much bigger than usual letters may be in their column, in steps of a tenth. */
export const zooms = { least: 0.8, most: 1.4, step: 0.1 } as const;

/** A screen and the eyes before it: diagonal in inches, distance in metres, picture in CSS pixels. */
export interface View {
  inches: number;
  metres: number;
  width: number;
  height: number;
}

/** Columns and letters of a screen. */
export interface Size {
  columns: number;
  zoom: number;
}

/** The sizes of screens that are sold, in inches. */
export const diagonals: readonly number[] = [
  7, 8, 10.1, 11, 12, 13.3, 14, 15.6, 17, 18.5, 19, 21.5, 24, 27, 32, 40, 43, 50, 55,
];
/** Distances that can be chosen, in metres. */
export const distances: readonly number[] = [
  0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.2, 1.5, 1.8, 2, 2.5, 3, 3.5, 4, 5,
];

/** The size of a letter in pixels, in a picture of that width. */
export function letterOf(width: number, { columns, zoom }: Size): number {
  return Math.max(10, (width / columns / columnEms) * zoom);
}

/** The minutes of arc that the capitals of a dish fill when its letters are that big, in pixels. */
export function arc(letter: number, view: View): number {
  const millimetres = (view.inches * 25.4) / Math.hypot(view.width, view.height);
  const capital = letter * dishEms * capitals * millimetres;
  return (capital * 21600) / (2 * Math.PI * view.metres * 1000);
}

/** From how far the least arc is filled, in metres. */
export function readableFrom(letter: number, view: View): number {
  return (arc(letter, view) / leastArc) * view.metres;
}

/** The most columns whose capitals fill the good arc from there, with letters as small as that allows. */
export function suggest(view: View): Size {
  for (let columns = mostColumns; columns >= 1; columns--) {
    const usual = arc(letterOf(view.width, { columns, zoom: 1 }), view);
    const zoom = Math.ceil((goodArc / usual) * 10 - 1e-9) / 10;
    if (zoom <= zooms.most) return { columns, zoom: Math.max(1, zoom) };
  }
  return { columns: 1, zoom: zooms.most };
}

/** How many columns a screen begins with until somebody says how big it is: on a narrow one letters must not shrink. */
export function usualColumns(width: number): number {
  return Math.max(1, Math.min(4, Math.floor(width / 300)));
}

/** A first guess: what can be touched and is small is a tablet on a shelf, everything else hangs on a wall. */
export function guess(width: number, height: number, touch: boolean): Pick<View, "inches" | "metres"> {
  const longer = Math.max(width, height);
  if (longer <= 1024) return { inches: 8, metres: 0.6 };
  if (longer <= 1400) return touch ? { inches: 10.1, metres: 0.7 } : { inches: 13.3, metres: 0.8 };
  return longer < 1900 ? { inches: 15.6, metres: 1 } : { inches: 21.5, metres: 1.5 };
}
