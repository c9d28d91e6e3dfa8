import { beforeEach, expect, test } from "vitest";
import { Route } from "./route.svelte";

/** The browser's history as far as the page uses it. */
class FakeHistory {
  entries: unknown[] = [null];
  at = 0;
  route: Route | undefined;
  get state() {
    return this.entries[this.at];
  }
  pushState(state: unknown) {
    this.entries = [...this.entries.slice(0, this.at + 1), state];
    this.at++;
  }
  replaceState(state: unknown) {
    this.entries[this.at] = state;
  }
  back() {
    this.at--;
    this.route?.popped(this.state);
  }
}

let history: FakeHistory;
let route: Route;

beforeEach(() => {
  history = new FakeHistory();
  route = new Route(history);
  history.route = route;
});

test("back closes the sheet and stays on the page", () => {
  route.go("review");
  route.open({ kind: "item", item: "soup", line: "l1" });
  expect(route.sheet).toEqual({ kind: "item", item: "soup", line: "l1" });
  route.back();
  expect([route.page, route.sheet]).toEqual(["review", null]);
  route.back();
  expect([route.page, route.inside]).toEqual(["menu", false]);
});

test("back on the first step leads to the menu, never away from the table", () => {
  route.swap("orders");
  route.back();
  expect(route.page).toBe("menu");
  expect(history.at).toBe(0);
});

test("after an order, back does not return to the review", () => {
  route.go("review");
  route.swap("orders");
  expect(history.entries).toHaveLength(2);
  route.back();
  expect(route.page).toBe("menu");
});

test("a reload comes back to the same place", () => {
  route.go("orders");
  expect(new Route(history).page).toBe("orders");
  expect(new Route({ ...history, state: { alien: true } } as never).page).toBe("menu");
});

test("going where one is adds no step", () => {
  route.go("menu");
  expect(history.entries).toHaveLength(1);
});
