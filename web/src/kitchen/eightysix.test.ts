import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { forget } from "../lib/storage";
import { toasts } from "../lib/toast.svelte";
import { EightySix, waitsFor } from "./eightysix.svelte";
import type { Command } from "./keys";
import type { Panel } from "./panel";
import { run } from "./run";
import { dish, picture, ticket } from "./sample";
import { Screen } from "./screen.svelte";
import { strike } from "./strike";

const items = [
  { id: "burger", name: "Burger", category: "Mains", variants: [{ id: "l", name: "large" }] },
  { id: "soup", name: "Sóup", category: "Starters" },
];
const tickets = [
  ticket("a", 1, { items: [dish(0, "BURGER"), dish(1, "Soup")] }),
  ticket("b", 2, { items: [dish(0, "Soup"), dish(1, "Yesterday's fish")] }),
];

describe("a dish that is out", () => {
  let screen: Screen;
  let panels: (Panel | undefined)[];
  const open = (panel: Panel | undefined) => panels.push(panel);
  const keys = (...commands: Command[]) => commands.forEach((c) => run(c, screen, open));
  const ask = { do: "eighty-six" } as const;
  const stock = () => screen.presses.pending.flatMap((p) => (p.type === "stock" ? [p.stock] : []));

  beforeEach(() => {
    vi.useFakeTimers();
    ["comanda.kitchen.presses", "comanda.kitchen.picture", "comanda.kitchen.prefs"].forEach(forget);
    toasts.list = [];
    panels = [];
    screen = new Screen(
      "key",
      () => {},
      () => {},
      () => {
        throw new Error("there is no line");
      },
    );
    screen.board.snapshot(picture({ items, tickets }));
  });
  afterEach(() => {
    screen.eightySix.stop();
    vi.useRealTimers();
  });

  it("is found by its name on the ticket, whatever its case and accents", () => {
    strike(screen, "BURGER", open);
    strike(screen, "Soup", open);
    expect(stock()).toEqual([
      { key: "burger", sold_out: true },
      { key: "soup", sold_out: true },
    ]);
  });

  it("can be taken back at the lower edge, with the countdown it had", () => {
    screen.board.change({ seq: 2, stock: [{ key: "soup", sold_out: false, left: 4 }] });
    strike(screen, "Soup", open);
    toasts.list.at(-1)!.action!.run();
    expect(stock()).toEqual([
      { key: "soup", sold_out: true, left: 4 },
      { key: "soup", sold_out: false, left: 4 },
    ]);
  });

  it("is not brought back by marking it twice, only by saying so", () => {
    screen.board.change({ seq: 2, stock: [{ key: "soup", sold_out: true }] });
    strike(screen, "Soup", open);
    expect(stock()).toEqual([]);
    toasts.list.at(-1)!.action!.run();
    expect(stock()).toEqual([{ key: "soup", sold_out: false }]);
  });

  it("opens the list when the menu does not know it", () => {
    strike(screen, "Yesterday's fish", open);
    expect(panels).toEqual([{ kind: "stock", dish: "Yesterday's fish" }]);
    expect(stock()).toEqual([]);
  });

  it("is two keys away: X stands on the first dish, Enter marks it", () => {
    keys(ask, { do: "bump" });
    expect(stock()).toEqual([{ key: "burger", sold_out: true }]);
    expect(screen.eightySix.on).toBe(false);
    expect(screen.desk.ticket("a")?.state, "nothing was ticked off").toBe("new");
  });

  it("is chosen with arrows and digits meanwhile", () => {
    keys(ask, { do: "move", by: "down" }, { do: "bump" });
    keys(ask, { do: "select", position: 1 }, { do: "bump" });
    expect(stock().map((s) => s.key)).toEqual(["soup"]);
    expect(toasts.list.at(-1)!.text).toContain("already");
  });

  it("is chosen among the dishes of all tickets, too", () => {
    screen.grouped = true;
    keys(ask, { do: "bump" });
    expect(stock()).toEqual([{ key: "burger", sold_out: true }]);
    expect(screen.grouped).toBe(true);
  });

  it.each([{ do: "escape" }, { do: "recall-last" }, ask] as Command[])(
    "is not asked for any more after $do, and nothing else happens",
    (command) => {
      keys(ask, command);
      expect([screen.eightySix.on, screen.presses.pending.length]).toEqual([false, 0]);
    },
  );

  it("gives way to what else is asked for", () => {
    keys(ask, { do: "recall" });
    expect([screen.eightySix.on, panels]).toEqual([false, [{ kind: "recall" }]]);
  });

  it("is marked in the list at the pass", () => {
    screen.setExpo(true);
    keys(ask);
    expect([screen.eightySix.on, panels]).toEqual([false, [{ kind: "stock" }]]);
  });

  it("is not asked for by itself for long", () => {
    const asked = new EightySix();
    asked.start();
    vi.advanceTimersByTime(waitsFor - 1);
    expect(asked.on).toBe(true);
    vi.advanceTimersByTime(1);
    expect(asked.on).toBe(false);
  });
});
