/**
 * Small things a screen remembers across reloads. Private windows and full disks may refuse to keep anything: then
 * values live as long as the page, and nothing fails.
 */
const fallback = new Map<string, string>();

/** Reads a remembered value; anything that is missing or not understood is `undefined`. */
export function recall<T>(name: string): T | undefined {
  let text: string | null | undefined;
  try {
    text = localStorage.getItem(name);
  } catch {
    text = undefined;
  }
  text ??= fallback.get(name);
  if (text == null) return undefined;
  try {
    return JSON.parse(text) as T;
  } catch {
    return undefined;
  }
}

/** Remembers a JSON value under the name. */
export function remember(name: string, value: unknown): void {
  const text = JSON.stringify(value);
  try {
    localStorage.setItem(name, text);
    fallback.delete(name);
  } catch {
    fallback.set(name, text);
  }
}

/** Forgets what was remembered under the name. */
export function forget(name: string): void {
  fallback.delete(name);
  try {
    localStorage.removeItem(name);
  } catch {
    // Nothing was kept there in the first place.
  }
}
