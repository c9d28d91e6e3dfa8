import { asProblem } from "../problem";
import { words } from "../words.svelte";
import de from "./lib.de.json";
import en from "./lib.en.json";

/** The words that every screen shares. */
export const say = words({ en, de });

/** A sentence for people about a request that did not work. Screens word their own codes first. */
export function problemText(error: unknown): string {
  const { status, code } = asProblem(error);
  if (code === "offline" || code === "timeout") return say(`problem.${code}`);
  if (status === 401 || status === 403) return say("problem.denied");
  if (status === 404 || status === 410) return say("problem.not_found");
  if (status === 409) return say("problem.conflict");
  if (status === 400 || status === 413 || status === 415 || status === 422) return say("problem.invalid");
  if (status === 429) return say("problem.too_many");
  if (status === 503) return say("problem.unavailable");
  return say("problem.other");
}
