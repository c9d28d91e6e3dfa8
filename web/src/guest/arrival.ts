/** What the address the guest came by says. */
export interface Arrival {
  /** The word of the tag or code; "" when the address has none. */
  token: string;
  /** A guest's key handed over by a messenger's message. */
  key?: string;
  /** Telegram's raw, signed words about who opened the page; only the device can prove them. */
  initData?: string;
  /** True when the page is shown inside Telegram and its client draws a dark frame. */
  dark?: boolean;
}

const word = /^[A-Za-z0-9_-]{1,64}$/;

/** Reads path, query and fragment. */
export function readArrival(address: Pick<Location, "pathname" | "search" | "hash">): Arrival {
  const fragment = new URLSearchParams(address.hash.replace(/^#/, ""));
  const initData = fragment.get("tgWebAppData") || undefined;
  const arrival: Arrival = { token: readToken(address, initData) };
  const key = fragment.get("g");
  if (key && word.test(key)) arrival.key = key;
  if (initData) {
    arrival.initData = initData;
    const dark = isDark(fragment.get("tgWebAppThemeParams"));
    if (dark !== undefined) arrival.dark = dark;
  }
  return arrival;
}

/** The address without what must not stay in the history: keys and signed words. */
export function cleanAddress(arrival: Arrival): string {
  return arrival.token ? `/t/${arrival.token}` : "/t";
}

/** A code scanned wins; inside Telegram the token comes as the start parameter. */
function readToken(address: Pick<Location, "pathname" | "search">, initData = ""): string {
  const query = new URLSearchParams(address.search);
  const candidates = [
    /^\/t\/([^/]+)$/i.exec(address.pathname)?.[1],
    new URLSearchParams(initData).get("start_param"),
    query.get("tgWebAppStartParam"),
  ];
  return candidates.find((c) => c && word.test(c)) ?? "";
}

function isDark(params: string | null): boolean | undefined {
  try {
    const colour = /^#([0-9a-f]{6})$/i.exec(JSON.parse(params ?? "{}").bg_color ?? "")?.[1];
    if (!colour) return undefined;
    const [r, g, b] = [0, 2, 4].map((i) => parseInt(colour.slice(i, i + 2), 16));
    return 0.299 * r! + 0.587 * g! + 0.114 * b! < 128;
  } catch {
    return undefined;
  }
}
