// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from "vitest";
import { attemptFor } from "./attempt";

afterEach(() => {
  vi.unstubAllGlobals();
  sessionStorage.clear();
});

test("a page that asks again about the same tap is known again, another tap is another attempt", () => {
  const first = attemptFor("S01");
  expect(first.length).toBeGreaterThan(20);
  expect(attemptFor("S01")).toBe(first);
  expect(attemptFor("S02")).not.toBe(first);
});

test("a page that was loaded again is known again", async () => {
  const first = attemptFor("S03");
  vi.resetModules();
  const again = await import("./attempt");
  expect(again.attemptFor("S03")).toBe(first);
});

test("what somebody else wrote there is left alone", () => {
  sessionStorage.setItem("comanda.attempt", "{");
  expect(attemptFor("S04")).toBe(attemptFor("S04"));
});

test("a browser that keeps nothing is known as long as the page is open", () => {
  const broken = () => {
    throw new Error("denied");
  };
  vi.stubGlobal("sessionStorage", { getItem: broken, setItem: broken, clear: () => {} });
  expect(attemptFor("S05")).toBe(attemptFor("S05"));
});
