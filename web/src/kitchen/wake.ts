/** Why the browser does not keep the screen on: the page is not on HTTPS, the browser cannot, or it was refused. */
export type Asleep = "insecure" | "unsupported" | "refused";

/** The reason, as far as the browser lets a page know. */
export function asleepBecause(secure: boolean, supported: boolean): Asleep {
  if (!secure) return "insecure";
  return supported ? "refused" : "unsupported";
}
