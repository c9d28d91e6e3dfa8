import { describe, expect, it } from "vitest";
import { Board } from "./board.svelte";
import { at, dish, order, picture, ticket } from "./sample";

const ids = (list: { id: string }[]) => list.map((t) => t.id);

describe("board", () => {
  it("shows open tickets the oldest first, and done ones the last first", () => {
    const board = new Board();
    board.snapshot(
      picture({
        seq: 9,
        tickets: [ticket("c", 3), ticket("a", 1), ticket("b2", 2), ticket("b1", 2, { state: "started" })],
        done: [
          ticket("d", 0, { state: "done", done: at(4) }),
          ticket("e", 0, { state: "done", done: at(5) }),
        ],
      }),
    );
    expect(ids(board.open)).toEqual(["a", "b1", "b2", "c"]);
    expect(ids(board.done)).toEqual(["e", "d"]);
  });

  it("takes a change once, however often it comes", () => {
    const board = new Board();
    board.snapshot(picture({}));
    expect(board.change({ seq: 2, tickets: [ticket("a", 1)] })).toEqual(["new"]);
    expect(board.change({ seq: 3, tickets: [ticket("a", 1, { state: "done", done: at(2) })] })).toEqual([]);
    expect(board.change({ seq: 2, tickets: [ticket("a", 1)] })).toEqual([]);
    expect(ids(board.open)).toEqual([]);
    expect(ids(board.done)).toEqual(["a"]);
  });

  it("forgets served tickets and keeps at most fifty done ones", () => {
    const board = new Board();
    board.snapshot(picture({}));
    const done = Array.from({ length: 60 }, (_, i) => ticket(`t${i}`, 0, { state: "done", done: at(i) }));
    board.change({ seq: 2, tickets: [...done, ticket("s", 0, { state: "served" })] });
    expect(board.done).toHaveLength(50);
    expect(board.done[0]!.id).toBe("t59");
    expect(board.ticket("t9")).toBeUndefined();
    expect(board.ticket("s")).toBeUndefined();
  });

  it("tells what is new on the first picture by who has seen it", () => {
    const seen = ticket("a", 1, { seen: at(1) });
    expect(new Board().snapshot(picture({ tickets: [seen] }))).toEqual([]);
    expect(new Board().snapshot(picture({ tickets: [seen, ticket("b", 2)] }))).toEqual(["new"]);
  });

  it("tells what came while it was away", () => {
    const board = new Board();
    board.snapshot(picture({ tickets: [ticket("a", 1)] }));
    const news = board.snapshot(
      picture({
        seq: 8,
        tickets: [
          ticket("a", 1, { items: [dish(0, "Burger", { cancelled: 1 })] }),
          ticket("x", 4, { kind: "cancellation", of: "a" }),
        ],
        orders: [order("o", 5), order("p", 6, { escalated: at(7) })],
      }),
    );
    expect(news.sort()).toEqual(["cancelled", "changed", "escalated", "waiting"]);
  });

  it("is quiet about what it already knew", () => {
    const board = new Board();
    board.snapshot(picture({ tickets: [ticket("a", 1)], orders: [order("o", 1)] }));
    expect(board.change({ seq: 2, tickets: [ticket("a", 1, { state: "started" })] })).toEqual([]);
    expect(board.change({ seq: 3, orders: [order("o", 1, { escalated: at(3) })] })).toEqual(["escalated"]);
    expect(board.change({ seq: 4, tickets: [ticket("a", 1, { state: "started", recalled: 1 })] })).toEqual([
      "changed",
    ]);
  });

  it("sorts orders into waiting for staff and ready to serve", () => {
    const board = new Board();
    board.snapshot(
      picture({
        seq: 1,
        orders: [
          order("w2", 2),
          order("w1", 1),
          order("r2", 0, { state: "ready", ready: at(6) }),
          order("r1", 3, { state: "ready", ready: at(5) }),
        ],
      }),
    );
    expect(ids(board.waiting)).toEqual(["w1", "w2"]);
    expect(ids(board.ready)).toEqual(["r1", "r2"]);
    board.change({ seq: 2, orders: [order("r1", 3, { state: "completed" })] });
    expect(ids(board.ready)).toEqual(["r2"]);
  });

  it("survives a restart of the browser with what it saved", () => {
    const board = new Board();
    board.snapshot(
      picture({
        seq: 5,
        tickets: [ticket("a", 1)],
        orders: [order("o", 1)],
        stock: [{ key: "b", sold_out: true }],
      }),
    );
    const again = new Board();
    again.snapshot(JSON.parse(JSON.stringify(board.picture())));
    expect(ids(again.open)).toEqual(["a"]);
    expect(ids(again.waiting)).toEqual(["o"]);
    expect(again.stock("b")?.sold_out).toBe(true);
    expect(again.seq).toBe(5);
  });

  it("knows the stations and dishes of a new menu", () => {
    const board = new Board();
    board.snapshot(picture({}));
    board.menu({ stations: [{ id: "grill", name: {}, warn_after: 60, late_after: 120 }], items: [] });
    expect(board.station("grill")?.late_after).toBe(120);
    expect(board.station("bar")).toBeUndefined();
  });
});
