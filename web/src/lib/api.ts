import { asProblem, Problem, type ProblemBody } from "./problem";

/** How one request is sent. */
export interface Ask {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Sent as JSON, or as it is when it is a string (with `type`). */
  body?: unknown;
  /** Content type of a string body. */
  type?: string;
  /**
   * How often the request is tried when no answer came. Reads are tried three times; writes once, unless the caller
   * asks for more because the body holds a key that makes a repeat harmless.
   */
  tries?: number;
  /** Milliseconds until an answer is given up; 10 s unless told. */
  timeout?: number;
  signal?: AbortSignal;
}

/** An answer with the parts of its envelope that matter. */
export interface Answered<T> {
  value: T;
  status: number;
  /** The device had done this before and repeated its first answer. */
  replayed: boolean;
}

/** What an Api needs from its surroundings; tests hand in their own. */
export interface ApiOptions {
  fetch?: typeof fetch;
  base?: string;
  wait?: (ms: number) => Promise<void>;
}

const sleep = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

/** Speaks HTTP with the device. Every failure is thrown as a Problem. */
export class Api {
  readonly #key: () => string | undefined;
  readonly #fetch: typeof fetch;
  readonly #base: string;
  readonly #wait: (ms: number) => Promise<void>;

  /** `key` gives the credential to send with each request, if there is one. */
  constructor(key: () => string | undefined = () => undefined, options: ApiOptions = {}) {
    this.#key = key;
    this.#fetch = options.fetch ?? ((input, init) => fetch(input, init));
    this.#base = options.base ?? "";
    this.#wait = options.wait ?? sleep;
  }

  async get<T>(path: string, ask: Ask = {}): Promise<T> {
    return (await this.ask<T>(path, { ...ask, method: "GET" })).value;
  }

  async post<T>(path: string, body?: unknown, ask: Ask = {}): Promise<T> {
    return (await this.ask<T>(path, { ...ask, method: "POST", body })).value;
  }

  async put<T>(path: string, body?: unknown, ask: Ask = {}): Promise<T> {
    return (await this.ask<T>(path, { ...ask, method: "PUT", body })).value;
  }

  async patch<T>(path: string, body?: unknown, ask: Ask = {}): Promise<T> {
    return (await this.ask<T>(path, { ...ask, method: "PATCH", body })).value;
  }

  async delete<T = void>(path: string, ask: Ask = {}): Promise<T> {
    return (await this.ask<T>(path, { ...ask, method: "DELETE" })).value;
  }

  /** Sends a request and gives the answer with its envelope. */
  async ask<T>(path: string, ask: Ask = {}): Promise<Answered<T>> {
    const tries = ask.tries ?? ((ask.method ?? "GET") === "GET" ? 3 : 1);
    for (let tried = 1; ; tried++) {
      try {
        return await this.#once<T>(path, ask);
      } catch (error) {
        const problem = asProblem(error);
        if (tried >= tries || !problem.uncertain || ask.signal?.aborted) throw problem;
        await this.#wait(250 * 2 ** (tried - 1) * (0.75 + Math.random() / 2));
      }
    }
  }

  async #once<T>(path: string, ask: Ask): Promise<Answered<T>> {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), ask.timeout ?? 10_000);
    const stop = () => limit.abort();
    ask.signal?.addEventListener("abort", stop);
    try {
      const response = await this.#fetch(this.#base + path, this.#request(ask, limit.signal));
      return await answer<T>(response);
    } catch (error) {
      if (error instanceof Problem) throw error;
      const code = limit.signal.aborted && !ask.signal?.aborted ? "timeout" : "offline";
      throw new Problem(0, code, error instanceof Error ? error.message : String(error), false);
    } finally {
      clearTimeout(timer);
      ask.signal?.removeEventListener("abort", stop);
    }
  }

  #request(ask: Ask, signal: AbortSignal): RequestInit {
    const headers: Record<string, string> = { Accept: "application/json, application/problem+json" };
    const key = this.#key();
    if (key) headers.Authorization = `Bearer ${key}`;
    const init: RequestInit = { method: ask.method ?? "GET", headers, signal, credentials: "omit" };
    if (ask.body !== undefined) {
      const raw = typeof ask.body === "string" && ask.type;
      headers["Content-Type"] = raw ? ask.type! : "application/json";
      init.body = raw ? (ask.body as string) : JSON.stringify(ask.body);
    }
    return init;
  }
}

async function answer<T>(response: Response): Promise<Answered<T>> {
  if (!response.ok) throw await refusal(response);
  const type = response.headers.get("Content-Type") ?? "";
  const replayed = response.headers.get("Idempotent-Replay") === "true";
  let value: unknown;
  if (response.status !== 204) {
    value = type.includes("json") ? await response.json() : await response.text();
  }
  return { value: value as T, status: response.status, replayed };
}

/**
 * Only an answer in the device's own format is its decision; anything else comes from something in between. A request
 * that took too long, or went wrong half-way, may still have been carried out.
 */
async function refusal(response: Response): Promise<Problem> {
  const ours = (response.headers.get("Content-Type") ?? "").includes("problem+json");
  let body: ProblemBody = {};
  if (ours) body = ((await response.json().catch(() => ({}))) ?? {}) as ProblemBody;
  const after = Number(response.headers.get("Retry-After"));
  return new Problem(
    response.status,
    body.code ?? (response.status === 401 ? "denied" : `http_${response.status}`),
    body.detail ?? body.title ?? response.statusText,
    response.status < 500 || (ours && response.status === 503 && body.code !== "timeout"),
    body.differences ?? [],
    body.field ?? "",
    Number.isFinite(after) && after > 0 ? after : 0,
  );
}
