import type { ServerClock } from "./time.svelte";

/**
 * How the line to the device is: `connecting` (first connect, or a break too short to matter), `open`, `stale` (no
 * frame for five seconds, whatever the socket says: what is shown may be old), `closed` (stopped, or refused for
 * good; see `refusal`).
 */
export type LiveState = "connecting" | "open" | "stale" | "closed";

/** The part of WebSocket that Live uses; tests hand in their own. */
export interface Socket {
  readonly readyState: number;
  onopen: ((event: Event) => void) | null;
  onmessage: ((event: MessageEvent) => void) | null;
  onclose: ((event: CloseEvent) => void) | null;
  send(text: string): void;
  close(): void;
}

/** Everything the device sends is an object with a type. */
export interface Message {
  type: string;
  now?: string;
  seq?: number;
}

/** What a Live needs. */
export interface LiveOptions<M extends Message> {
  /** "/api/guest/live" */
  path: string;
  /** "comanda.guest.v1" */
  protocol: string;
  /** The first frame of every connection, made anew each time: token, and `since` to resume. */
  hello: () => object;
  onmessage: (message: M) => void;
  /** After hello was sent on a new connection: the moment to repeat what was not answered. */
  onopen?: () => void;
  /** The device does not want this client (4400–4407): no further tries are made. */
  onrefused?: (code: number, reason: string) => void;
  clock?: ServerClock;
  socket?: (url: string, protocol: string) => Socket;
  random?: () => number;
}

const staleAfter = 5_000;
/** A socket that stayed silent this long is dead, whatever the browser believes. */
const deadAfter = 10_000;
const shortest = 250;
const longest = 10_000;

/** One line to the device that mends itself: back-off 0.25–10 s with jitter, resumed by the caller's hello. */
export class Live<M extends Message> {
  state = $state<LiveState>("connecting");
  /** When the last frame came, as this screen's wall clock says (Unix ms); the start before there was one. */
  heard = $state(Date.now());
  /** The close code that ended it for good, 0 otherwise. */
  refusal = $state(0);

  readonly #options: LiveOptions<M>;
  #socket: Socket | undefined;
  #heardAt = 0;
  #failures = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #watch: ReturnType<typeof setInterval> | undefined;

  constructor(options: LiveOptions<M>) {
    this.#options = options;
  }

  /** Opens the line and keeps it until stop. */
  start(): this {
    if (this.#watch) return this;
    this.refusal = 0;
    this.state = "connecting";
    this.#heardAt = performance.now();
    this.heard = Date.now();
    this.#watch = setInterval(() => this.#look(), 500);
    if (typeof window !== "undefined") {
      window.addEventListener("online", this.#now);
      document.addEventListener("visibilitychange", this.#now);
    }
    this.#connect();
    return this;
  }

  /** Closes the line for good. */
  stop(): void {
    this.#end();
    this.state = "closed";
  }

  /** Sends a message if the line is open; false means it was not sent. */
  send(message: object): boolean {
    if (this.#socket?.readyState !== 1) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  /** Drops the connection and makes a new one at once. */
  redo(): void {
    this.#drop();
    this.#failures = 0;
    this.#connect();
  }

  // The network came back or the screen was turned on: no reason to wait for the next try.
  #now = () => {
    if (document.visibilityState === "hidden" || !this.#watch || this.#socket) return;
    this.redo();
  };

  #connect(): void {
    clearTimeout(this.#retry);
    const open = this.#options.socket ?? ((url, protocol) => new WebSocket(url, protocol));
    let socket: Socket;
    try {
      socket = open(address(this.#options.path), this.#options.protocol);
    } catch {
      this.#again();
      return;
    }
    this.#socket = socket;
    socket.onopen = () => {
      socket.send(JSON.stringify(this.#options.hello()));
      this.#options.onopen?.();
    };
    socket.onmessage = (event) => this.#take(String(event.data));
    socket.onclose = (event) => this.#closed(socket, event);
  }

  #take(text: string): void {
    let message: M;
    try {
      message = JSON.parse(text) as M;
    } catch {
      return;
    }
    this.#heardAt = performance.now();
    this.heard = Date.now();
    this.#failures = 0;
    this.state = "open";
    if (message.now) this.#options.clock?.sync(message.now);
    if (message.type !== "tick") this.#options.onmessage(message);
  }

  #closed(socket: Socket, event: { code: number; reason: string }): void {
    if (socket !== this.#socket) return;
    this.#socket = undefined;
    if (event.code >= 4400 && event.code < 4408) {
      this.#end();
      this.state = "closed";
      this.refusal = event.code;
      this.#options.onrefused?.(event.code, event.reason);
      return;
    }
    if (this.state === "open") this.state = "connecting";
    this.#again();
  }

  #again(): void {
    const random = this.#options.random ?? Math.random;
    const full = Math.min(longest, shortest * 2 ** this.#failures++);
    clearTimeout(this.#retry);
    // Between half and all of the step, so that fifty screens do not come back in the same instant.
    this.#retry = setTimeout(() => this.#connect(), Math.max(shortest, full * (0.5 + random() / 2)));
  }

  #look(): void {
    const silence = performance.now() - this.#heardAt;
    if (silence >= staleAfter) this.state = "stale";
    if (silence < deadAfter || !this.#socket) return;
    this.#drop();
    this.#heardAt = performance.now() - staleAfter;
    this.#again();
  }

  #drop(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
    }
  }

  #end(): void {
    this.#drop();
    clearTimeout(this.#retry);
    clearInterval(this.#watch);
    this.#watch = undefined;
    if (typeof window !== "undefined") {
      window.removeEventListener("online", this.#now);
      document.removeEventListener("visibilitychange", this.#now);
    }
  }
}

function address(path: string): string {
  if (typeof location === "undefined") return path;
  return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${path}`;
}
