import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Api } from "./api";

/** The program under test: what `make build` made, or what COMANDA names. */
const program = process.env.COMANDA ?? resolve(import.meta.dirname, "../../bin/comanda");

/** What the desk of the demo tells about its house. */
interface Told {
  url: string;
  telegram: string;
  codes: Record<Role, string>;
  tables: { name: string; url: string; uid: string }[];
}

export type Role = "owner" | "kitchen" | "display";

/** How the kitchen gets its tickets: the settings under `kitchen` in configs/comanda.yaml. */
export interface KitchenSettings {
  hold_courses?: boolean;
  next_course?: "by_hand" | "when_fired" | "when_done" | "when_served";
  next_course_delay?: string;
  ready_together?: boolean;
  guests_call_next?: boolean;
  unseen_after?: string;
}

/** What staff need a badge for: the settings under `staff`. */
export interface StaffSettings {
  approve?: "cancel"[];
  approve_within?: string;
}

/** A whole restaurant of its own: the real program in a folder of its own, on ports nobody else has. */
export class House {
  readonly #folder = mkdtempSync(join(tmpdir(), "comanda-e2e-"));
  readonly #ports: number[];
  #process: ChildProcess | undefined;
  #told: Told | undefined;
  #owner: Promise<string> | undefined;

  private constructor(ports: number[], kitchen: KitchenSettings, staff: StaffSettings) {
    this.#ports = ports;
    // JSON is YAML. What is not named is as documented, whatever the demo does by itself.
    writeFileSync(this.#settings, JSON.stringify({ kitchen, staff }));
  }

  get #settings(): string {
    return join(this.#folder, "settings.yaml");
  }

  /** Opens a restaurant; close it. */
  static async open(kitchen: KitchenSettings = {}, staff: StaffSettings = {}): Promise<House> {
    const house = new House(await freePorts(3), kitchen, staff);
    await house.start();
    return house;
  }

  get url(): string {
    return this.#house.url;
  }
  get telegram(): string {
    return this.#house.telegram;
  }
  get desk(): string {
    return `http://127.0.0.1:${this.#ports[1]}`;
  }
  /** The digits that connect screens; new ones after every start. */
  get codes(): Told["codes"] {
    return this.#house.codes;
  }
  /** What the program wrote. */
  get log(): string {
    return readFileSync(join(this.#folder, "log"), "utf8");
  }

  /** The address printed on a table. */
  printed(table: string): string {
    const found = this.#house.tables.find((t) => t.name === table);
    if (!found) throw new Error(`the house has no table ${table}`);
    return found.url;
  }

  /** Starts the program, on the same folder and ports as before. */
  async start(): Promise<void> {
    const address = (i: number) => `127.0.0.1:${this.#ports[i]}`;
    const log = openSync(join(this.#folder, "log"), "a");
    const child = spawn(
      program,
      [
        "--config",
        this.#settings,
        "demo",
        "--data",
        this.#folder,
        "--listen",
        address(0),
        "--desk",
        address(1),
        "--phones",
        address(2),
      ],
      { stdio: ["ignore", log, log] },
    );
    closeSync(log);
    this.#process = child;
    let failed: Error | undefined;
    child.once("error", (error) => (failed = error));
    for (let tries = 0; tries < 400; tries++) {
      if (failed) throw new Error(`cannot start ${program}; run make build`, { cause: failed });
      if (child.exitCode !== null) throw new Error(`the program ended by itself:\n${this.log}`);
      const told = await fetch(`${this.desk}/house`).catch(() => undefined);
      if (told?.ok) {
        this.#told = (await told.json()) as Told;
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error(`the program does not come up:\n${this.log}`);
  }

  /** Pulls the plug: SIGKILL. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** Ends the program in good order and removes its folder. */
  async close(): Promise<void> {
    await this.#end("SIGTERM");
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Plays a guest's hand at the reader: a table's tag, a tag of elsewhere, or a phone. */
  async tap(what: { table: string } | { what: "unknown" | "phone" }): Promise<void> {
    await this.#press("/tap", what);
  }

  /** Cuts the messenger's line, or mends it. */
  async line(state: "off" | "on"): Promise<void> {
    await this.#press(`/telegram/${state}`, {});
  }

  async reader(state: "off" | "on"): Promise<void> {
    await this.#press(`/reader/${state}`, {});
  }

  /** What the picture of the display at the counter shows now; fails until there is one. */
  async picture(): Promise<Buffer> {
    const answer = await fetch(`${this.desk}/display.png`);
    if (!answer.ok) throw new Error(`no picture: ${answer.status}`);
    return Buffer.from(await answer.arrayBuffer());
  }

  /** A key that opens every screen and the owner's part of the API. It is made once. */
  ownerKey(): Promise<string> {
    this.#owner ??= new Api(this.url).pair(this.codes.owner, "Test");
    return this.#owner;
  }

  /** The owner's part of the API. */
  async owner(): Promise<Api> {
    return new Api(this.url, await this.ownerKey());
  }

  get #house(): Told {
    if (!this.#told) throw new Error("the house is not open");
    return this.#told;
  }

  async #press(path: string, body: object): Promise<void> {
    const headers = { "Content-Type": "application/json" };
    const answer = await fetch(this.desk + path, { method: "POST", headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`the desk answers ${answer.status}: ${await answer.text()}`);
  }

  async #end(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    child.kill(signal);
    await ended;
  }
}

/**
 * Ports that stay ours while the program is away: from below those the system gives out by itself (Linux begins at 32768),
 * and every worker from a stretch of its own.
 */
async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  while (ports.length < count) {
    const port = 20_000 + (Number(process.env.TEST_PARALLEL_INDEX ?? 0) % 6) * 2000 + (next++ % 2000);
    if (await isFree(port)) ports.push(port);
  }
  return ports;
}

let next = Math.floor(Math.random() * 2000);

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
