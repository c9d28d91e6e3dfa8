import type { Page } from "@playwright/test";
import type { components } from "../src/api";
import type { Visitors } from "./fixtures";

type Snapshot = components["schemas"]["KitchenSnapshot"];

/** What a kitchen has before it: its open tickets from the first to the last, and the orders to be served. */
export interface Work {
  tickets: string[];
  ready: string[];
}

/** What the device itself says, asked over a line of its own by somebody who only watches. */
export async function truth(visitors: Visitors): Promise<Work> {
  const page = await visitors.page();
  await page.goto(visitors.house.url);
  const { tickets, orders } = await page.evaluate(ask, await visitors.house.ownerKey());
  await page.close();
  const open = tickets.filter((t) => t.state === "new" || t.state === "started");
  // Rushed ones first, then by age; ids grow with time.
  const rank = (t: (typeof open)[number]) => `${t.rush ?? "~"} ${t.fired ?? t.created} ${t.id}`;
  open.sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
  return {
    tickets: open.map((t) =>
      [t.number, t.state, ...t.items.map((i) => `${i.done}/${i.quantity - (i.cancelled ?? 0)}`)].join(" "),
    ),
    ready: orders
      .filter((o) => o.state === "ready")
      .sort((a, b) => (`${a.ready} ${a.id}` < `${b.ready} ${b.id}` ? -1 : 1))
      .map((o) => o.number),
  };
}

/** What the screen shows of it. */
export function shown(page: Page): Promise<Work> {
  return page.evaluate(() => {
    const text = (element: Element | null) => element?.textContent?.trim() ?? "";
    const dish = (button: Element) => {
      const all = text(button.querySelector(".quantity"));
      const [done = "0"] = /^\d+/.exec(text(button.querySelector(".count"))) ?? [];
      return `${button.getAttribute("aria-pressed") === "true" ? all : done}/${all}`;
    };
    const articles = [...document.querySelectorAll("main ol > li > article")];
    return {
      tickets: articles.map((a) => {
        const started = a.querySelector(".start")?.getAttribute("aria-pressed") === "true";
        const dishes = [...a.querySelectorAll("ul button")].map(dish);
        return [text(a.querySelector(".number")), started ? "started" : "new", ...dishes].join(" ");
      }),
      ready: [...document.querySelectorAll(".chip b")].map(text),
    };
  });
}

/** Runs in the page. */
function ask(token: string): Promise<Snapshot> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://${location.host}/api/kitchen/live`, "comanda.kitchen.v1");
    socket.onopen = () => socket.send(JSON.stringify({ type: "hello", token, watch: true }));
    socket.onclose = ({ code }) => reject(new Error(`the kitchen's line ends with ${code}`));
    socket.onmessage = ({ data }) => {
      const message = JSON.parse(data) as Snapshot;
      if (message.type !== "snapshot") return;
      resolve(message);
      socket.close();
    };
  });
}
