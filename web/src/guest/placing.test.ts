import { beforeEach, expect, test, vi } from "vitest";
import type { Ask } from "../lib/api";
import { Problem } from "../lib/problem";
import type { OrderBody, OrderReceipt } from "../lib/types";
import { Cart } from "./cart.svelte";
import { Placing } from "./placing.svelte";
import { memory, testCarte } from "./testmenu";

const lost = new Problem(0, "timeout", "", false);
const unknown = new Problem(404, "key_unknown", "", true);
const differ = new Problem(409, "differences", "", true, [{ line: 0, kind: "sold_out", item: "soup" }]);

/** A device that takes orders once per key, behind a line on which answers and requests get lost. */
class Line {
  taken = new Map<string, OrderReceipt>();
  sent: OrderBody[] = [];
  /** What happens to the next posts: "lost" before it arrives, "answer lost" after, a problem, or taken. */
  plan: ("lost" | "answer lost" | Problem)[] = [];
  /** What happens to the next look-ups by key. */
  looks: Problem[] = [];

  ask = async <T>(_path: string, ask: Ask = {}) => {
    const body = structuredClone(ask.body) as OrderBody;
    this.sent.push(body);
    const fate = this.plan.shift();
    if (fate === "lost") throw lost;
    if (fate instanceof Problem) throw fate;
    const receipt =
      this.taken.get(body.key) ?? ({ order: `o${this.taken.size + 1}`, number: "7" } as OrderReceipt);
    this.taken.set(body.key, receipt);
    if (fate === "answer lost") throw lost;
    return { value: receipt as T, status: 201, replayed: false };
  };

  get = async <T>(path: string): Promise<T> => {
    const fate = this.looks.shift();
    if (fate) throw fate;
    const receipt = this.taken.get(path.split("/").at(-1)!);
    if (!receipt) throw unknown;
    return receipt as T;
  };
}

let line: Line;
let placed: OrderReceipt[];

function start(): { cart: Cart; placing: Placing } {
  const cart = new Cart(testCarte());
  cart.open("s1");
  const placing = new Placing({
    api: line,
    cart,
    version: () => 3,
    onplaced: (receipt) => placed.push(receipt),
    wait: () => Promise.resolve(),
  });
  placing.open("s1");
  return { cart, placing };
}

beforeEach(() => {
  vi.stubGlobal("localStorage", memory());
  line = new Line();
  placed = [];
});

const soup = { item: "soup", modifiers: {}, quantity: 1, note: "" };

test("the key is made when the review opens and kept through a reload", () => {
  const before = start().placing;
  expect(before.key).toBeUndefined();
  before.review();
  const key = before.key;
  expect(key).toMatch(/^[0-9a-f-]{36}$/);
  before.review();
  expect(before.key).toBe(key);
  const after = start().placing;
  after.review();
  expect(after.key).toBe(key);
});

test("a taken order ends the intention: cart and key are gone, the next has another", async () => {
  const { cart, placing } = start();
  cart.add(soup);
  placing.review();
  const key = placing.key;
  await placing.send();
  expect(placed).toHaveLength(1);
  expect(cart.count).toBe(0);
  expect(placing.key).toBeUndefined();
  placing.review();
  expect(placing.key).not.toBe(key);
});

test("declared allergies go with the order and stay for the next round", async () => {
  const { cart, placing } = start();
  cart.add(soup);
  placing.allergies = ["nuts"];
  placing.allergyNote = " severe ";
  placing.note = " thanks ";
  await placing.send();
  expect(line.sent[0]).toMatchObject({
    allergies: ["nuts"],
    allergy_note: "severe",
    note: "thanks",
    menu_version: 3,
  });
  expect(placing.allergies).toEqual(["nuts"]);
  expect(placing.note).toBe("");
  expect(start().placing.allergies).toEqual(["nuts"]);
});

test("a lost answer is looked up by its key: taken once", async () => {
  const { cart, placing } = start();
  cart.add(soup);
  line.plan = ["answer lost"];
  await placing.send();
  expect(placed).toHaveLength(1);
  expect(line.sent).toHaveLength(1);
  expect(line.taken.size).toBe(1);
});

test("a lost order is sent again, the same to the letter, until it is answered", async () => {
  const { cart, placing } = start();
  cart.add(soup);
  line.plan = ["lost", "lost", "answer lost"];
  await placing.send();
  expect(placed).toHaveLength(1);
  expect(line.sent).toHaveLength(3);
  expect(new Set(line.sent.map((body) => JSON.stringify(body))).size).toBe(1);
  expect(line.taken.size).toBe(1);
});

test("while nobody knows, it is never shown as refused and nothing else can be ordered", async () => {
  const { cart, placing } = start();
  cart.add(soup);
  const phases: string[] = [];
  line.plan = ["lost", new Problem(429, "too_many", "", true), new Problem(503, "unavailable", "", true)];
  line.looks = [lost, new Problem(503, "unavailable", "", true)];
  const get = line.get;
  line.get = async (path) => {
    phases.push(placing.phase);
    await placing.send();
    return get(path);
  };
  await placing.send();
  expect(new Set(phases)).toEqual(new Set(["checking"]));
  expect(placed).toHaveLength(1);
});

test("an order that was on its way at a reload is taken up again", async () => {
  const { cart, placing } = start();
  cart.add(soup);
  let release = () => {};
  const gate = new Promise<void>((open) => (release = open));
  const ask = line.ask;
  line.ask = async (path, body) => {
    await gate;
    return ask(path, body);
  };
  void placing.send();
  const key = placing.key;
  line.ask = ask;
  const after = start();
  expect(after.placing.phase).toBe("checking");
  expect(after.placing.key).toBe(key);
  await vi.waitFor(() => expect(placed).toHaveLength(1));
  expect(line.sent.map((body) => body.key)).toEqual([key]);
  expect(after.cart.count).toBe(0);
  release();
});

test("differences leave the order open under the same key", async () => {
  const { cart, placing } = start();
  cart.add(soup);
  line.plan = [differ];
  await placing.send();
  expect(placing.phase).toBe("refused");
  expect(placing.problem?.differences).toHaveLength(1);
  expect(cart.count).toBe(1);
  const key = placing.key;
  await placing.send();
  expect(placed).toHaveLength(1);
  expect(line.sent.map((body) => body.key)).toEqual([key, key]);
});

test("a key that was used after all gives the order it brought", async () => {
  const { cart, placing } = start();
  cart.add(soup);
  placing.review();
  line.taken.set(placing.key!, { order: "o9", number: "9" } as OrderReceipt);
  line.plan = [new Problem(409, "key_reused", "", true)];
  await placing.send();
  expect(placed.map((r) => r.number)).toEqual(["9"]);
});

test("a key used for something unknown is given up for a new one", async () => {
  const { cart, placing } = start();
  cart.add(soup);
  placing.review();
  const key = placing.key;
  line.plan = [new Problem(409, "key_reused", "", true)];
  await placing.send();
  expect(placing.phase).toBe("refused");
  expect(placing.key).not.toBe(key);
});

test("an empty cart is not sent", async () => {
  await start().placing.send();
  expect(line.sent).toEqual([]);
});
