/** What a key of the bump bar or keyboard asks for. */
export type Command =
  | { do: "select"; position: number }
  | { do: "move"; by: "left" | "right" | "up" | "down" }
  | { do: "page"; by: -1 | 1 }
  | { do: "first" | "last" }
  | { do: "bump" | "start" | "items" | "groups" | "recall-last" | "recall" | "totals" | "redraw" | "escape" }
  | { do: "hold" | "rush" | "fire" | "stock" | "eighty-six" | "pace" | "sift" | "cleaning" | "help" }
  | { do: "accept" | "ready" | "stations" | "settings" };

/** The functions that keys can be given, in the order they are listed. */
export const functions = [
  ...(["select.1", "select.2", "select.3", "select.4", "select.5"] as const),
  ...(["select.6", "select.7", "select.8", "select.9", "select.0"] as const),
  ...(["bump", "start", "items", "left", "right", "up", "down"] as const),
  ...(["page.previous", "page.next", "first", "last", "recall.last", "recall"] as const),
  ...([
    "totals",
    "groups",
    "hold",
    "rush",
    "fire",
    "stock",
    "eighty-six",
    "accept",
    "ready",
    "pace",
    "sift",
    "stations",
    "settings",
    "redraw",
    "cleaning",
    "help",
  ] as const),
  "escape",
] as const;
/** A function's name. */
export type KeyFunction = (typeof functions)[number];

/** Which physical keys (KeyboardEvent.code) do what. A key has one function; a function may have several keys. */
export type KeyCodes = Readonly<Record<string, KeyFunction>>;

const digits: [string, KeyFunction][] = Array.from({ length: 10 }, (_, n) => [
  `${n}`,
  `select.${n}` as KeyFunction,
]);

/** The keys of a screen where nothing was learnt. */
export const usualKeys: KeyCodes = {
  ...Object.fromEntries(digits.flatMap(([n, f]) => [[`Digit${n}`, f] as const, [`Numpad${n}`, f] as const])),
  Enter: "bump",
  NumpadEnter: "bump",
  Space: "start",
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
  PageUp: "page.previous",
  PageDown: "page.next",
  Home: "first",
  End: "last",
  Backspace: "recall.last",
  KeyR: "recall",
  KeyS: "totals",
  KeyI: "items",
  KeyG: "groups",
  KeyH: "hold",
  KeyP: "rush",
  KeyF: "fire",
  KeyE: "stock",
  KeyX: "eighty-six",
  KeyA: "accept",
  KeyD: "ready",
  KeyB: "pace",
  KeyV: "sift",
  KeyT: "stations",
  KeyO: "settings",
  F5: "redraw",
  KeyC: "cleaning",
  F1: "help",
  Escape: "escape",
};

const plain: Partial<Record<KeyFunction, Command>> = {
  left: { do: "move", by: "left" },
  right: { do: "move", by: "right" },
  up: { do: "move", by: "up" },
  down: { do: "move", by: "down" },
  "page.previous": { do: "page", by: -1 },
  "page.next": { do: "page", by: 1 },
  "recall.last": { do: "recall-last" },
};

/** What a function does. */
export function commandOf(name: KeyFunction): Command {
  const digit = /^select\.(\d)$/.exec(name)?.[1];
  if (digit) return { do: "select", position: digit === "0" ? 9 : Number(digit) - 1 };
  return plain[name] ?? ({ do: name } as Command);
}

/** What is known of a key press; a KeyboardEvent is one. */
export interface Key {
  key: string;
  code?: string;
  ctrlKey?: boolean;
  altKey?: boolean;
  metaKey?: boolean;
  repeat?: boolean;
}

const modifiers = /^(Control|Alt|Meta|Shift|OS)(Left|Right)$/;

/** The physical key of a press. Some boards send no code: then the key's sign tells it. */
export function codeOf(e: Key): string {
  // Without Num Lock the digits of the block are arrows and paging keys, and are meant as those.
  if (/^Numpad\d$/.test(e.code ?? "") && e.key.length > 1) return e.key;
  if (e.code && e.code !== "Unidentified") return e.code;
  if (/^[0-9]$/.test(e.key)) return `Digit${e.key}`;
  if (/^[a-z]$/i.test(e.key)) return `Key${e.key.toUpperCase()}`;
  return e.key === " " ? "Space" : e.key;
}

/**
 * The command of a key, or undefined for keys that mean nothing here. Keys held down repeat only where that is
 * harmless: a glove resting on Enter must not empty the screen.
 */
export function command(e: Key, codes: KeyCodes = usualKeys): Command | undefined {
  const code = codeOf(e);
  const alone = modifiers.test(code);
  // With a modifier a key belongs to the browser, unless a modifier itself is a key of the bump bar.
  if (!alone && (e.ctrlKey || e.altKey || e.metaKey)) return undefined;
  const name = codes[code] ?? (e.key === "?" ? "help" : undefined);
  const found = name && commandOf(name);
  if (e.repeat && found && found.do !== "move" && found.do !== "page") return undefined;
  return found;
}

/** The digit that selects a position, "" for positions beyond the ten digits. */
export function digit(position: number): string {
  return position >= 0 && position < 10 ? String((position + 1) % 10) : "";
}

const signs: Readonly<Record<string, string>> = {
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  Backspace: "⌫",
  Escape: "Esc",
  PageUp: "PgUp",
  PageDown: "PgDn",
  Minus: "-",
  Equal: "=",
  NumpadAdd: "Num +",
  NumpadSubtract: "Num −",
  NumpadMultiply: "Num ×",
  NumpadDivide: "Num ÷",
  NumpadDecimal: "Num .",
};

/** What is printed on a physical key, as far as its code tells. */
export function keyName(code: string): string {
  if (signs[code]) return signs[code];
  const [, side] = /^(?:Control|Alt|Meta|Shift)(Left|Right)$/.exec(code) ?? [];
  if (side) return `${code.slice(0, -side.length).replace("Control", "Ctrl")} ${side === "Left" ? "←" : "→"}`;
  return code.replace(/^(Key|Digit)/, "").replace(/^Numpad/, "Num ");
}
