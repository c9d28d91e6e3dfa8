import { describe, expect, it } from "vitest";
import { ageText, urgency } from "./age";
import { since } from "./fields";
import { command, digit } from "./keys";
import { at, dish, ticket } from "./sample";
import { totals } from "./totals";

describe("urgency", () => {
  const station = { warn_after: 240, late_after: 420 };
  it.each([
    [0, "fresh"],
    [239, "fresh"],
    [240, "warning"],
    [419, "warning"],
    [420, "late"],
  ])("is at %i s: %s", (age, want) => expect(urgency(age, station)).toBe(want));
  it("has defaults for a station that names no times", () => {
    expect(urgency(599, undefined)).toBe("fresh");
    expect(urgency(600, { warn_after: 0, late_after: 0 })).toBe("warning");
    expect(urgency(900, undefined)).toBe("late");
  });
  it("has other times for what is taken away", () => {
    const both = { ...station, take_away: { warn_after: 60, late_after: 120 } };
    expect(urgency(130, both, "take_away")).toBe("late");
    expect(urgency(130, both, "eat_in")).toBe("fresh");
    expect(urgency(250, station, "take_away")).toBe("warning");
  });
  it("counts from when a held ticket was fired", () => {
    expect(since(ticket("a", 1))).toBe(at(1));
    expect(since(ticket("a", 1, { fired: at(20) }))).toBe(at(20));
    expect(since(ticket("a", 1, { fired: "0001-01-01T00:00:00Z" }))).toBe(at(1));
  });
  it.each([
    [0, "0:00"],
    [599, "9:59"],
    [3599, "59:59"],
    [3900, "1h05"],
    [36_000, "10h"],
    [400_000, ">99h"],
  ])("tells an age of %i s in five signs: %s", (age, want) => expect(ageText(age)).toBe(want));
  it("never warns later than it is late", () => {
    expect(urgency(300, { warn_after: 0, late_after: 300 })).toBe("late");
  });
});

describe("keys", () => {
  it.each([
    ["1", { do: "select", position: 0 }],
    ["9", { do: "select", position: 8 }],
    ["0", { do: "select", position: 9 }],
    ["Enter", { do: "bump" }],
    ["ArrowUp", { do: "move", by: "up" }],
    ["PageDown", { do: "page", by: 1 }],
    ["Backspace", { do: "recall-last" }],
    ["R", { do: "recall" }],
    ["s", { do: "totals" }],
    ["F5", { do: "redraw" }],
    ["Escape", { do: "escape" }],
  ])("%s", (key, want) => expect(command({ key })).toEqual(want));
  it("leaves the browser's own shortcuts alone", () => {
    expect(command({ key: "r", ctrlKey: true })).toBeUndefined();
    expect(command({ key: "q" })).toBeUndefined();
  });
  it("does not bump again while Enter is held down", () => {
    expect(command({ key: "Enter", repeat: true })).toBeUndefined();
    expect(command({ key: "1", repeat: true })).toBeUndefined();
    expect(command({ key: "ArrowLeft", repeat: true })).toEqual({ do: "move", by: "left" });
  });
  it("names positions by digits", () => {
    expect([-1, 0, 8, 9, 10].map(digit)).toEqual(["", "1", "9", "0", ""]);
  });
});

describe("totals", () => {
  it("sums what is still to be made, apart by changes", () => {
    const no = { name: "NO ONION", quantity: 1, removal: true };
    const list = totals([
      ticket("a", 1, { items: [dish(0, "Burger", { quantity: 3, done: 1 }), dish(1, "Soup")] }),
      ticket("b", 2, { items: [dish(0, "Burger", { quantity: 2, cancelled: 1, modifiers: [no] })] }),
      ticket("x", 3, { kind: "cancellation", items: [dish(0, "Burger", { quantity: 9 })] }),
    ]);
    expect(list).toEqual([
      {
        name: "Burger",
        variant: "",
        quantity: 3,
        held: 0,
        versions: [
          { changes: "", quantity: 2 },
          { changes: "NO ONION", quantity: 1 },
        ],
      },
      { name: "Soup", variant: "", quantity: 1, held: 0, versions: [] },
    ]);
  });

  it("tells apart what is held back and comes later", () => {
    const held = ticket("h", 1, {
      state: "held",
      items: [dish(0, "Burger", { quantity: 2 }), dish(1, "Cake"), dish(2, "Fish", { cancelled: 1 })],
    });
    const list = totals([ticket("a", 1)], [held]);
    expect(list.map((t) => [t.name, t.quantity, t.held])).toEqual([
      ["Burger", 1, 2],
      ["Cake", 0, 1],
    ]);
  });
});
