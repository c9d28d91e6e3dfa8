import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { forget } from "../lib/storage";
import { Keyboard } from "./keyboard.svelte";
import { KeyMap } from "./keymap.svelte";
import { codeOf, command, functions, keyName, usualKeys } from "./keys";

const key = (code: string, more: object = {}) => ({ key: code, code, ...more });

beforeEach(() => forget("comanda.kitchen.keys"));

describe("key codes", () => {
  it("give every function a usual key", () => {
    const served = new Set(Object.values(usualKeys));
    expect(functions.filter((f) => !served.has(f))).toEqual([]);
  });

  it.each([
    [{ key: "7", code: "Numpad7" }, "Numpad7"],
    [{ key: "Home", code: "Numpad7" }, "Home"],
    [{ key: "7" }, "Digit7"],
    [{ key: "r" }, "KeyR"],
    [{ key: " " }, "Space"],
    [{ key: "-", code: "NumpadSubtract" }, "NumpadSubtract"],
  ])("%o is %s", (press, want) => expect(codeOf(press)).toBe(want));

  it("are called by what is printed on the key", () => {
    expect(["KeyR", "Digit8", "NumpadSubtract", "ControlLeft", "ArrowUp", "F5"].map(keyName)).toEqual([
      "R",
      "8",
      "Num −",
      "Ctrl ←",
      "↑",
      "F5",
    ]);
  });
});

describe("learning", () => {
  it("takes a free key, keeps the usual one beside it, and remembers", () => {
    const map = new KeyMap();
    map.learn("bump");
    expect(map.press(key("NumpadSubtract"))).toBe(true);
    expect(map.learning).toBeUndefined();
    expect(new KeyMap().of("bump")).toEqual(["Enter", "NumpadEnter", "NumpadSubtract"]);
    expect(command(key("NumpadSubtract"), map.codes)).toEqual({ do: "bump" });
  });

  it("replaces what was learnt for it before", () => {
    const map = new KeyMap();
    for (const code of ["NumpadSubtract", "NumpadAdd"]) {
      map.learn("bump");
      map.press(key(code));
    }
    expect(map.of("bump")).toEqual(["Enter", "NumpadEnter", "NumpadAdd"]);
  });

  it("learns left Ctrl, which sends itself with ctrlKey", () => {
    const map = new KeyMap();
    map.learn("recall");
    map.press(key("ControlLeft", { ctrlKey: true }));
    expect(command(key("ControlLeft", { ctrlKey: true }), map.codes)).toEqual({ do: "recall" });
    expect(command(key("KeyR", { ctrlKey: true }), map.codes)).toBeUndefined();
  });

  it("asks before a key changes its function, and leaves or takes it", () => {
    const map = new KeyMap();
    map.learn("hold");
    map.press(key("KeyR"));
    expect(map.conflict).toEqual({ code: "KeyR", has: "recall", wants: "hold" });
    expect(map.press(key("KeyR")), "the answer may be given by keys").toBe(false);
    map.resolve(false);
    expect(map.of("recall")).toEqual(["KeyR"]);
    map.learn("hold");
    map.press(key("KeyR"));
    map.resolve(true);
    expect([map.of("hold").sort(), map.of("recall")]).toEqual([["KeyH", "KeyR"], []]);
    expect(map.missing).toEqual(["recall"]);
  });

  it("goes back to the usual keys", () => {
    const map = new KeyMap();
    map.learn("bump");
    map.press(key("NumpadAdd"));
    expect(map.changed).toBe(true);
    map.reset();
    expect([map.changed, new KeyMap().of("bump")]).toEqual([false, ["Enter", "NumpadEnter"]]);
  });
});

describe("8 on a bump bar", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const eight = key("Digit8");

  it("asks for the sold-out list where there is no eighth ticket, and Enter opens it", () => {
    const keyboard = new Keyboard();
    expect(keyboard.command(eight, 3, 0)).toEqual({ do: "select", position: 7 });
    expect(keyboard.asksStock).toBe(true);
    expect(keyboard.command(key("Enter"), 3, 100)).toEqual({ do: "stock" });
    expect(keyboard.command(key("Enter"), 3, 200)).toEqual({ do: "bump" });
  });

  it("only selects an eighth ticket, unless it is pressed twice", () => {
    const keyboard = new Keyboard();
    keyboard.command(eight, 9, 0);
    expect(keyboard.asksStock).toBe(false);
    keyboard.command(eight, 9, 2500);
    expect(keyboard.asksStock).toBe(false);
    keyboard.command(eight, 9, 3000);
    expect(keyboard.asksStock).toBe(true);
  });

  it("bumps nothing when the question is left, and forgets it by itself", () => {
    const keyboard = new Keyboard();
    keyboard.command(eight, 0, 0);
    expect(keyboard.command(key("Escape"), 0, 1)).toBeUndefined();
    keyboard.command(eight, 0, 9000);
    vi.advanceTimersByTime(5000);
    expect(keyboard.asksStock).toBe(false);
    expect(keyboard.command(key("Enter"), 0, 15_000)).toEqual({ do: "bump" });
  });
});
