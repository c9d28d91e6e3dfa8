import { describe, expect, it } from "vitest";
import { Presses, type Press } from "./presses.svelte";
import { dish, ticket } from "./sample";

let made = 0;

function setup(name = `presses-${made++}`) {
  const line = { open: true, sent: [] as Press[] };
  let n = 0;
  const send = (press: Press) => {
    if (line.open) line.sent.push(press);
    return line.open;
  };
  return { line, name, presses: new Presses(send, () => `key-${++n}`, name) };
}

describe("presses", () => {
  it("shows the wish at once and keeps it until the picture holds it", () => {
    const { presses } = setup();
    const key = presses.press({ type: "bump", ticket: "a" });
    expect(presses.expected(ticket("a", 1)).state).toBe("done");
    presses.done(key, 12, 0);
    presses.settle(11, 0);
    expect(presses.expected(ticket("a", 1)).state).toBe("done");
    expect(presses.about("a")).toBe(true);
    presses.settle(12, 0);
    expect(presses.pending).toEqual([]);
  });

  it("is settled at once when the change came before the answer", () => {
    const { presses } = setup();
    const key = presses.press({ type: "bump", ticket: "a" });
    presses.done(key, 12, 0);
    presses.settle(12, 0);
    expect(presses.pending).toEqual([]);
  });

  it("sends again with the same keys, in order, after a reconnect", () => {
    const { presses, line } = setup();
    presses.press({ type: "bump", ticket: "a" });
    line.open = false;
    presses.press({ type: "bump", ticket: "b" });
    presses.press({ type: "recall", ticket: "a" });
    line.open = true;
    line.sent = [];
    presses.resend();
    expect(line.sent.map((p) => p.key)).toEqual(["key-1", "key-2", "key-3"]);
  });

  it("does not wait for ever for a change it is not shown", () => {
    const { presses } = setup();
    presses.done(presses.press({ type: "accept", order: "o" }), 12, 1000);
    presses.settle(5, 3999);
    expect(presses.pending).toHaveLength(1);
    presses.settle(5, 4000);
    expect(presses.pending).toEqual([]);
  });

  it("does not send what has been answered", () => {
    const { presses, line } = setup();
    presses.done(presses.press({ type: "bump", ticket: "a" }), 9, 0);
    line.sent = [];
    presses.resend();
    expect(line.sent).toEqual([]);
  });

  it("gives way to the server's refusal", () => {
    const { presses } = setup();
    const key = presses.press({ type: "bump", ticket: "a" });
    expect(presses.refused(key, "ticket_voided")?.key).toBe(key);
    expect(presses.expected(ticket("a", 1)).state).toBe("new");
  });

  it("keeps a press the server cannot take right now", () => {
    const { presses, line } = setup();
    const key = presses.press({ type: "bump", ticket: "a" });
    expect(presses.refused(key, "unavailable")).toBeUndefined();
    presses.resend();
    expect(line.sent.map((p) => p.key)).toEqual([key, key]);
  });

  it("survives a restart in the middle of an outage", () => {
    const { presses, line, name } = setup();
    line.open = false;
    presses.press({ type: "serve", order: "o" });
    const again = setup(name);
    expect(again.presses.decided("o")).toBe(true);
    again.presses.resend();
    expect(again.line.sent.map((p) => p.key)).toEqual(["key-1"]);
  });

  it("toggles an item and starts its ticket", () => {
    const { presses } = setup();
    const t = ticket("a", 1, { items: [dish(0, "Burger", { quantity: 5, cancelled: 1 }), dish(1, "Fries")] });
    presses.press({ type: "bump", ticket: "a", item: 0 });
    expect(presses.expected(t).items.map((i) => i.done)).toEqual([4, 0]);
    expect(presses.expected(t).state).toBe("started");
    presses.press({ type: "bump", ticket: "a", item: 0, undo: true });
    expect(presses.expected(t).items.map((i) => i.done)).toEqual([0, 0]);
  });

  it("bumps and undoes a bump in the order they were pressed", () => {
    const { presses } = setup();
    presses.press({ type: "bump", ticket: "a" });
    presses.press({ type: "recall", ticket: "a" });
    const t = ticket("a", 1, { items: [dish(0, "Burger", { quantity: 5, done: 2, cancelled: 1 })] });
    expect(presses.expected(t).state).toBe("started");
    expect(presses.expected(t).items[0]!.done).toBe(2);
  });

  it("overlays stock", () => {
    const { presses } = setup();
    presses.press({ type: "stock", stock: { key: "soup", sold_out: true } });
    expect(presses.stock("soup", undefined)?.sold_out).toBe(true);
    expect(presses.stock("steak", undefined)).toBeUndefined();
  });
});
