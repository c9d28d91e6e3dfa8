/** What a key of the bump bar or keyboard asks for. */
export type Command =
  | { do: "select"; position: number }
  | { do: "move"; by: "left" | "right" | "up" | "down" }
  | { do: "page"; by: -1 | 1 }
  | { do: "first" | "last" }
  | { do: "bump" | "start" | "items" | "recall-last" | "recall" | "totals" | "redraw" | "escape" };

const named: Readonly<Record<string, Command>> = {
  Enter: { do: "bump" },
  " ": { do: "start" },
  ArrowLeft: { do: "move", by: "left" },
  ArrowRight: { do: "move", by: "right" },
  ArrowUp: { do: "move", by: "up" },
  ArrowDown: { do: "move", by: "down" },
  PageUp: { do: "page", by: -1 },
  PageDown: { do: "page", by: 1 },
  Home: { do: "first" },
  End: { do: "last" },
  Backspace: { do: "recall-last" },
  F5: { do: "redraw" },
  Escape: { do: "escape" },
  i: { do: "items" },
  r: { do: "recall" },
  s: { do: "totals" },
};

/** What is known of a key press; a KeyboardEvent is one. */
export interface Key {
  key: string;
  ctrlKey?: boolean;
  altKey?: boolean;
  metaKey?: boolean;
  repeat?: boolean;
}

/**
 * The command of a key, or undefined for keys that mean nothing here. Keys held down repeat only where that is
 * harmless: a glove resting on Enter must not empty the screen.
 */
export function command(e: Key): Command | undefined {
  if (e.ctrlKey || e.altKey || e.metaKey) return undefined;
  if (/^[0-9]$/.test(e.key)) {
    return e.repeat ? undefined : { do: "select", position: e.key === "0" ? 9 : Number(e.key) - 1 };
  }
  const found = named[e.key.length === 1 ? e.key.toLowerCase() : e.key];
  if (e.repeat && found && found.do !== "move" && found.do !== "page") return undefined;
  return found;
}

/** The digit that selects a position, "" for positions beyond the ten digits. */
export function digit(position: number): string {
  return position >= 0 && position < 10 ? String((position + 1) % 10) : "";
}
