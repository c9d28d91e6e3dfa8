import { expect, type Page } from "@playwright/test";
import type { components } from "../src/api";
import type { Visitors } from "./fixtures";

type Ticket = components["schemas"]["Ticket"];

/** A cook who needs no screen to look at: the kitchen's socket, spoken directly from an empty page of the house. */
export class Cook {
  private constructor(private readonly page: Page) {}

  /** Begins to work at the stations, none for all of them. */
  static async at(visitors: Visitors, ...stations: string[]): Promise<Cook> {
    const page = await visitors.page();
    await page.goto(visitors.house.url);
    await page.evaluate(listen, { token: await visitors.house.ownerKey(), stations });
    return new Cook(page);
  }

  /** Finishes everything of a table that is to be cooked now. */
  async finish(table: string): Promise<void> {
    const mine = async () =>
      (await this.page.evaluate(() => [...window.cook.tickets.values()])).filter(
        (t) => t.table === table && (t.state === "new" || t.state === "started"),
      );
    await expect.poll(async () => (await mine()).length).toBeGreaterThan(0);
    for (const ticket of await mine())
      await this.page.evaluate((id) => window.cook.press({ type: "bump", ticket: id }), ticket.id);
    await expect.poll(async () => (await mine()).length).toBe(0);
  }

  /** Goes home: nobody looks at the stations any more. */
  async leave(): Promise<void> {
    await this.page.evaluate(() => window.cook.socket.close());
  }
}

interface Hands {
  socket: WebSocket;
  tickets: Map<string, Ticket>;
  press: (message: object) => void;
}

declare global {
  interface Window {
    cook: Hands;
  }
}

/** Runs in the page: opens the line, keeps the tickets, and says of each that it was seen. */
function listen({ token, stations }: { token: string; stations: string[] }): Promise<void> {
  return new Promise((open, fail) => {
    const socket = new WebSocket(
      `${location.origin.replace("http", "ws")}/api/kitchen/live`,
      "comanda.kitchen.v1",
    );
    const tickets = new Map<string, Ticket>();
    let pressed = 0;
    const press = (message: object) =>
      socket.send(JSON.stringify({ ...message, key: `cook-${Date.now()}-${pressed++}` }));
    window.cook = { socket, tickets, press };
    socket.onopen = () => socket.send(JSON.stringify({ type: "hello", token, stations }));
    socket.onerror = () => fail(new Error("the kitchen's line does not open"));
    socket.onmessage = ({ data }) => {
      const message = JSON.parse(data) as { type: string; tickets?: Ticket[] };
      for (const ticket of message.tickets ?? []) tickets.set(ticket.id, ticket);
      const fresh = (message.tickets ?? []).filter((t) => t.state === "new").map((t) => t.id);
      if (fresh.length > 0) socket.send(JSON.stringify({ type: "seen", tickets: fresh }));
      if (message.type === "snapshot") open();
    };
  });
}
