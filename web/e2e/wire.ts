import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import type { BrowserContextOptions, Page } from "@playwright/test";
import { wall, type Visitors } from "./fixtures";

/** A cable between a screen and the house that can be pulled: every byte of the screen goes through it. */
export class Wire {
  readonly #pairs = new Map<Socket, Socket>();
  #state: "whole" | "mute" | "torn" = "whole";

  private constructor(
    private readonly server: Server,
    private readonly port: number,
  ) {
    server.on("connection", (near) => this.#joined(near));
  }

  static async to(url: string): Promise<Wire> {
    const server = createServer({ pauseOnConnect: true });
    const wire = new Wire(server, Number(new URL(url).port));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return wire;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Nothing goes through any more, and nobody is told: what a dead access point does. */
  mute(): void {
    this.#state = "mute";
    for (const [near, far] of this.#pairs) for (const end of [near, far]) end.unpipe().pause();
  }

  /** Every connection ends, and new ones are refused: the cable is out, and the screen's computer knows. */
  tear(): void {
    this.#state = "torn";
    for (const near of this.#pairs.keys()) near.destroy();
  }

  /** The cable is in again. What was under way in connections that still exist arrives now. */
  mend(): void {
    this.#state = "whole";
    for (const [near, far] of this.#pairs) this.#flow(near, far);
  }

  async close(): Promise<void> {
    this.tear();
    await new Promise((resolve) => this.server.close(resolve));
  }

  #joined(near: Socket): void {
    if (this.#state === "torn") return void near.destroy();
    const far = connect(this.port, "127.0.0.1");
    this.#pairs.set(near, far);
    const part = () => {
      this.#pairs.delete(near);
      near.destroy();
      far.destroy();
    };
    for (const end of [near, far]) end.on("error", part).on("close", part);
    if (this.#state === "whole") this.#flow(near, far);
  }

  #flow(near: Socket, far: Socket): void {
    near.pipe(far);
    far.pipe(near);
  }
}

/** A kitchen screen with a clock the test can put forward; `at` is the address it finds the house at. */
export async function clocked(
  visitors: Visitors,
  at = visitors.house.url,
  options: BrowserContextOptions = wall,
): Promise<Page> {
  const page = await visitors.page(options);
  await page.clock.install();
  await page.addInitScript(
    (key) => localStorage.setItem("comanda.kitchen.key", JSON.stringify(key)),
    await visitors.house.ownerKey(),
  );
  await page.goto(`${at}/kitchen`);
  return page;
}
