import type { Difference } from "./types";

/** The fields of application/problem+json (RFC 9457) that the device sends. */
export interface ProblemBody {
  code?: string;
  title?: string;
  detail?: string;
  field?: string;
  differences?: Difference[];
}

/**
 * A request that was refused, or that got no answer. `status` is 0 when no answer came at all; `code` is stable and
 * for programs ("differences", "session_closed", and "offline" or "timeout" when the device was not reached).
 */
export class Problem extends Error {
  override name = "Problem";

  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    /** The device itself answered: what was asked was certainly not done. */
    readonly definite: boolean,
    readonly differences: Difference[] = [],
    readonly field = "",
    /** Seconds the device asked us to wait, 0 when it did not say. */
    readonly retryAfter = 0,
  ) {
    super(`${code} (${status}): ${detail}`);
  }

  /** Nobody knows whether the request was carried out: it may have been, and only the answer was lost. */
  get uncertain(): boolean {
    return !this.definite;
  }

  /** The same request may succeed a little later. */
  get passing(): boolean {
    return this.uncertain || this.status === 429 || this.status === 503;
  }
}

/** Wraps anything thrown into a Problem, so that callers handle one kind. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const text = error instanceof Error ? error.message : String(error);
  return new Problem(0, "offline", text, false);
}
