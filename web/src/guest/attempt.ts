import { newKey } from "../lib/key";

const name = "comanda.attempt";

/**
 * What makes a tap count once for this page although its answer was lost: made when the word first arrives in this tab,
 * and the same when the page is loaded again. Another tab, or another phone, has another.
 */
export function attemptFor(word: string): string {
  try {
    const [kept, attempt] = JSON.parse(sessionStorage.getItem(name) ?? "[]") as string[];
    if (kept === word && attempt) return attempt;
  } catch {
    // Something else wrote there, or the browser keeps nothing.
  }
  if (lonely?.word === word) return lonely.attempt;
  const attempt = newKey();
  lonely = { word, attempt };
  try {
    sessionStorage.setItem(name, JSON.stringify([word, attempt]));
  } catch {
    // The page remembers it while it is open.
  }
  return attempt;
}

/** For browsers that keep nothing. */
let lonely: { word: string; attempt: string } | undefined;
