import { say } from "../lib/words/kitchen";
import type { KeyFunction } from "./keys";

type Named = Exclude<KeyFunction, `select.${string}`>;

/** What people call a function that a key can have. Reactive. */
export function functionName(name: KeyFunction): string {
  const digit = /^select\.(\d)$/.exec(name)?.[1];
  return digit ? say("key.select", { n: digit === "0" ? 10 : Number(digit) }) : say(`key.${name as Named}`);
}
