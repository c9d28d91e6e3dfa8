import { describe, expect, it } from "vitest";
import { flow, hidden, neighbour, pages, type Measured, type Piece } from "./pages";

const row = (height: number, joined = false) => ({ height, joined });
const sizes = { head: 100, again: 50, more: 30, foot: 60 };
const sized = (id: string, ...rows: ReturnType<typeof row>[]): Measured => ({ id, ...sizes, rows });
const dishes = (id: string, count: number, height = 40) =>
  sized(id, ...Array.from({ length: count }, () => row(height)));
const short = (p: Piece) => `${p.id}${p.from}-${p.to}@${p.column}:${p.top}`;
const laid = (tickets: Measured[], height: number) => flow(tickets, { height, gap: 10 }).map(short);

describe("flow", () => {
  it("puts tickets below each other at their own height, then into the next column", () => {
    // One dish is 200 high, two are 240.
    expect(laid([dishes("a", 1), dishes("b", 2), dishes("c", 1)], 460)).toEqual([
      "a0-1@0:0",
      "b0-2@0:210",
      "c0-1@1:0",
    ]);
  });

  it("keeps the buttons with the last row", () => {
    expect(laid([sized("a", row(100), row(100))], 360)).toEqual(["a0-2@0:0"]);
    expect(laid([sized("a", row(100), row(100))], 359)).toEqual(["a0-1@0:0", "a1-2@1:0"]);
  });

  it("moves a ticket of three dishes whole rather than cutting it", () => {
    expect(laid([dishes("a", 5), dishes("b", 3)], 560)).toEqual(["a0-5@0:0", "b0-3@1:0"]);
  });

  it("goes on in the next column when enough stands before the cut", () => {
    expect(laid([dishes("a", 1), dishes("b", 8)], 540)).toEqual(["a0-1@0:0", "b0-5@0:210", "b5-8@1:0"]);
  });

  it("does not cut near the head", () => {
    expect(laid([dishes("a", 3), dishes("b", 8)], 500)).toEqual(["a0-3@0:0", "b0-8@1:0"]);
  });

  it("uses a whole column before a ticket is cut again, and the rest for the next ticket", () => {
    const pieces = flow([dishes("a", 20), dishes("b", 1)], { height: 400, gap: 10 });
    expect(pieces.map(short)).toEqual(["a0-6@0:0", "a6-14@1:0", "a14-20@2:0", "b0-1@3:0"]);
    expect(pieces.map((p) => `${p.part}/${p.parts}`)).toEqual(["1/3", "2/3", "3/3", "1/1"]);
    expect(laid([dishes("a", 15), dishes("b", 1)], 560).at(-1)).toBe("b0-1@1:320");
  });

  it("continues with a whole dish, not in the middle of its changes", () => {
    expect(laid([sized("a", row(80), row(60), row(40, true), row(40, true))], 330)).toEqual([
      "a0-1@0:0",
      "a1-4@1:0",
    ]);
  });

  it("cuts a dish that is taller than a column", () => {
    const tall = sized("a", row(80), row(80, true), row(80, true), row(80, true));
    expect(laid([tall], 300)).toEqual(["a0-2@0:0", "a2-4@1:0"]);
  });

  it("lays a thing without rows, and nothing at all", () => {
    expect(laid([sized("a"), sized("b")], 400)).toEqual(["a0-0@0:0", "b0-0@0:170"]);
    expect(laid([], 400)).toEqual([]);
  });
});

/** A small generator of the same numbers on every machine (mulberry32). */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

function evening(seed: number): { tickets: Measured[]; height: number } {
  const next = random(seed);
  const tickets = Array.from({ length: next(12) }, (_, n) =>
    sized(
      `t${n}`,
      ...Array.from({ length: 1 + next(14) }, (_, i) => row(20 + next(120), i > 0 && next(3) === 0)),
    ),
  );
  return { tickets, height: 300 + next(900) };
}

/** Three hundred evenings of tickets, each told by its number when something is wrong. */
const evenings = Array.from({ length: 300 }, (_, seed) => {
  const { tickets, height } = evening(seed);
  return { seed: `evening ${seed}`, tickets, height, all: flow(tickets, { height, gap: 10 }) };
});

describe("any evening", () => {
  it("shows every row once and in order", () => {
    for (const { seed, tickets, all } of evenings) {
      const rows = all.flatMap((p) =>
        Array.from({ length: p.to - p.from }, (_, i) => `${p.id} ${p.from + i}`),
      );
      expect(rows, seed).toEqual(tickets.flatMap((t) => t.rows.map((_, i) => `${t.id} ${i}`)));
    }
  });

  it("lets nothing overlap, and stand out of its column only when one row is too tall", () => {
    for (const { seed, height, all } of evenings) {
      all.forEach((p, i) => {
        const before = all[i - 1];
        if (before?.column === p.column)
          expect(p.top, seed).toBeGreaterThanOrEqual(before.top + before.height);
        else expect(p.top, seed).toBe(0);
        if (p.to - p.from > 1 || p.top > 0) expect(p.top + p.height, seed).toBeLessThanOrEqual(height);
      });
    }
  });

  it("leaves out no column, and never moves a ticket because another one came", () => {
    for (const { seed, tickets, height, all } of evenings) {
      const columns = Array.from({ length: (all.at(-1)?.column ?? -1) + 1 }, (_, i) => i);
      expect([...new Set(all.map((p) => p.column))], seed).toEqual(columns);
      const before = flow(tickets.slice(0, -1), { height, gap: 10 });
      expect(all.slice(0, before.length), seed).toEqual(before);
    }
  });

  it("begins a continuation at the top of the next column", () => {
    for (const { seed, all } of evenings) {
      const continued = all.flatMap((p, i) => (p.part > 1 ? [{ p, before: all[i - 1]! }] : []));
      for (const { p, before } of continued) expect([p.top, p.column], seed).toEqual([0, before.column + 1]);
    }
  });
});

describe("pages", () => {
  const all = flow([...["a", "b", "c"].map((id) => dishes(id, 1)), dishes("d", 6, 60), dishes("e", 1)], {
    height: 420,
    gap: 10,
  });

  it("are so many columns each, and there is always one", () => {
    expect(pages([], 8)).toEqual([[]]);
    expect(pages(all, 2).map((page) => page.map((p) => p.id).join(""))).toEqual(["abc", "dd", "e"]);
  });

  it("tell what is hidden", () => {
    expect(hidden(all, pages(all, 2)[0]!)).toEqual(["d", "e"]);
  });

  it("are walked up and down in order, left and right to the nearest in the next column", () => {
    const page = pages(
      flow([dishes("a", 1), dishes("b", 1), dishes("c", 1), dishes("d", 1)], { height: 420, gap: 10 }),
      2,
    )[0]!;
    const to = (id: string, by: "left" | "right" | "up" | "down") => neighbour(page, id, by)?.id;
    expect([to("a", "down"), to("b", "down"), to("c", "up")]).toEqual(["b", "c", "b"]);
    expect([to("a", "right"), to("b", "right"), to("d", "left"), to("c", "left")]).toEqual([
      "c",
      "d",
      "b",
      "a",
    ]);
    expect([to("a", "left"), to("a", "up"), to("d", "right"), to("d", "down")]).toEqual(
      Array(4).fill(undefined),
    );
  });
});
