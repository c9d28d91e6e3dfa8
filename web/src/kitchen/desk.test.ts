import { describe, expect, it } from "vitest";
import { Board } from "./board.svelte";
import { Desk, undoFor } from "./desk.svelte";
import { Presses, type Press } from "./presses.svelte";
import { at, dish, picture, ticket } from "./sample";
import type { Ticket } from "./wire";

let made = 0;

function setup(tickets: Ticket[], columns = 2) {
  const sent: Press[] = [];
  const board = new Board();
  let n = 0;
  const presses = new Presses(
    (p) => sent.push(p) > 0,
    () => `k${++n}`,
    `desk-${made++}`,
  );
  const desk = new Desk(board, presses);
  desk.columns = columns;
  // Room for one ticket in a column, as long as nobody has measured any.
  desk.area = { width: columns * 400, height: 250 };
  board.snapshot(picture({ tickets }));
  return { board, presses, desk, sent };
}

const many = (n: number) => Array.from({ length: n }, (_, i) => ticket(String.fromCharCode(97 + i), i));
const rows = (...heights: number[]) => heights.map((height) => ({ height, joined: false }));
const shown = (desk: Desk) => desk.pieces.map((p) => p.id).join("");
const last = (sent: Press[]) => {
  const { key: _key, at: _at, ...wish } = sent.at(-1)!;
  return wish;
};

describe("pages", () => {
  it("fills columns left to right, the oldest first, and says what is hidden", () => {
    const { desk } = setup(many(5));
    expect(desk.pages).toHaveLength(3);
    expect(shown(desk)).toBe("ab");
    expect(desk.hidden).toEqual(["c", "d", "e"]);
    desk.turn(1);
    expect(shown(desk)).toBe("cd");
    desk.turn(9);
    expect(shown(desk)).toBe("e");
    desk.turn(-9);
    expect(shown(desk)).toBe("ab");
  });

  it("never moves a ticket because a new one came", () => {
    const { desk, board } = setup(many(2));
    board.change({ seq: 2, tickets: [ticket("z", 30)] });
    expect(shown(desk)).toBe("ab");
    expect(desk.hidden).toEqual(["z"]);
  });

  it("stays on a page that exists when tickets go", () => {
    const { desk, board } = setup(many(3));
    desk.turn(1);
    board.change({ seq: 2, tickets: [ticket("c", 2, { state: "done", done: at(9) })] });
    expect(shown(desk)).toBe("ab");
  });

  it("continues a long ticket in the next column", () => {
    const { desk } = setup(many(2));
    desk.area = { width: 800, height: 390 };
    desk.measure([
      { id: "a", head: 100, again: 50, rows: rows(100, 100, 150, 50), more: 40, foot: 60 },
      { id: "b", head: 100, again: 50, rows: rows(40), more: 40, foot: 60 },
    ]);
    expect(desk.pieces).toEqual([
      { id: "a", from: 0, to: 2, part: 1, parts: 2, column: 0, top: 0, height: 340 },
      { id: "a", from: 2, to: 4, part: 2, parts: 2, column: 1, top: 0, height: 310 },
    ]);
    expect(desk.hidden).toEqual(["b"]);
  });

  it("shows only the chosen stations", () => {
    const { desk } = setup([ticket("a", 1), ticket("b", 2, { station: "bar" })]);
    desk.stations = ["bar"];
    expect(shown(desk)).toBe("b");
  });

  it("points to a cancellation on another page", () => {
    const { desk } = setup([...many(3), ticket("x", 9, { kind: "cancellation", of: "a" })]);
    expect(desk.hiddenSlip).toBe("x");
    desk.find("x");
    expect(shown(desk)).toBe("cx");
    expect(desk.selected).toBe("x");
  });
});

describe("touch", () => {
  it("bumps by the head, keeps the place for three seconds, and undoes by a second touch", () => {
    const { desk, sent } = setup(many(3));
    desk.tap("a", 1000);
    expect(last(sent)).toEqual({ type: "bump", ticket: "a" });
    expect(shown(desk)).toBe("ab");
    expect(desk.lingers("a")).toBe(true);
    desk.tap("a", 2000);
    expect(last(sent)).toEqual({ type: "recall", ticket: "a" });
    expect(desk.lingers("a")).toBe(false);
    expect(desk.ticket("a")?.state).toBe("started");
  });

  it("lets a bumped ticket go after three seconds", () => {
    const { desk } = setup(many(3));
    desk.tap("a", 1000);
    desk.tick(1000 + undoFor - 1);
    expect(shown(desk)).toBe("ab");
    desk.tick(1000 + undoFor);
    expect(shown(desk)).toBe("bc");
    expect(desk.last).toEqual({ ticket: "a", number: "a" });
  });

  it("keeps the place even when the server's picture says done", () => {
    const { desk, board } = setup(many(3));
    desk.tap("a", 1000);
    board.change({ seq: 2, tickets: [ticket("a", 0, { state: "done", done: at(9) })] });
    expect(shown(desk)).toBe("ab");
  });

  it("toggles an item", () => {
    const { desk, sent } = setup([ticket("a", 1, { items: [dish(4, "Fries", { quantity: 2 })] })]);
    desk.tapItem("a", 0);
    expect(last(sent)).toEqual({ type: "bump", ticket: "a", item: 0 });
    desk.tapItem("a", 0);
    expect(last(sent)).toEqual({ type: "bump", ticket: "a", item: 0, undo: true });
  });

  it("acknowledges a cancellation at once and without undo", () => {
    const { desk, sent } = setup([ticket("x", 1, { kind: "cancellation", of: "a" })]);
    desk.tap("x", 0);
    expect(last(sent)).toEqual({ type: "bump", ticket: "x" });
    expect(shown(desk)).toBe("");
    expect(desk.last).toBeUndefined();
  });

  it("starts and takes the start back", () => {
    const { desk, sent } = setup(many(1));
    desk.start("a");
    expect(last(sent)).toEqual({ type: "start", ticket: "a" });
    desk.start("a");
    expect(last(sent)).toEqual({ type: "start", ticket: "a", undo: true });
  });
});

describe("bump bar", () => {
  it("selects by position, bumps, and goes on to the next ticket", () => {
    const { desk, sent } = setup(many(3));
    desk.select(0);
    desk.enter();
    expect(last(sent)).toEqual({ type: "bump", ticket: "a" });
    expect(shown(desk)).toBe("bc");
    expect(desk.selected).toBe("b");
    desk.enter();
    expect(last(sent)).toEqual({ type: "bump", ticket: "b" });
  });

  it("does nothing on an empty board or without a selection", () => {
    const { desk, sent } = setup([]);
    desk.enter();
    desk.select(3);
    desk.move("right");
    desk.enter();
    expect(sent).toEqual([]);
  });

  it("brings back the last bump first", () => {
    const { desk, sent } = setup([...many(2), ticket("o", 0, { state: "done", done: at(1) })]);
    desk.select(1);
    desk.enter();
    desk.recallLast();
    expect(last(sent)).toEqual({ type: "recall", ticket: "b" });
    desk.recallLast();
    expect(last(sent)).toEqual({ type: "recall", ticket: "o" });
    expect(desk.recallLast()).toBe(false);
  });

  it("moves over columns and pages", () => {
    const { desk } = setup(many(6), 2);
    desk.area = { width: 800, height: 400 };
    expect(desk.pieces.map((p) => `${p.id}${p.column}`).join(" ")).toBe("a0 b0 c1 d1");
    const go = (...ways: ("left" | "right" | "up" | "down")[]) => {
      for (const way of ways) desk.move(way);
      return desk.selected;
    };
    expect(go("right")).toBe("a");
    expect(go("down")).toBe("b");
    expect(go("right")).toBe("d");
    expect(go("right")).toBe("e");
    expect(go("left")).toBe("d");
    expect(go("up", "up")).toBe("b");
    expect(go("down", "down", "down")).toBe("e");
  });

  it("ticks one of several off, and takes it back", () => {
    const { desk, sent } = setup([ticket("a", 1, { items: [dish(0, "Soup", { quantity: 3, done: 1 })] })]);
    desk.tickOne("a", 0);
    expect(last(sent)).toEqual({ type: "bump", ticket: "a", item: 0, count: 2 });
    expect(desk.ticket("a")?.items[0]?.done).toBe(2);
    desk.setDone("a", 0, 1);
    expect(desk.ticket("a")?.items[0]?.done).toBe(1);
    expect(desk.ticket("a")?.state).toBe("started");
  });

  it("bumps single items in item mode", () => {
    const { desk, sent } = setup([ticket("a", 1, { items: [dish(0, "Soup"), dish(1, "Bread")] })]);
    desk.toggleItems();
    desk.move("down");
    desk.enter();
    expect(last(sent)).toEqual({ type: "bump", ticket: "a", item: 1 });
    desk.move("down");
    expect(desk.item).toBe(0);
    desk.toggleItems();
    expect(desk.item).toBeUndefined();
  });
});
