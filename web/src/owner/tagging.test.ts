import { afterEach, beforeEach, expect, test, vi } from "vitest";
import de from "../lib/words/owner-tags.de.json";
import en from "../lib/words/owner-tags.en.json";
import { Api } from "../lib/api";
import { Tagging } from "./tagging.svelte";
import { deedOf, knownTrouble, needing, stateOf, troubles, type Tag } from "./tags";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const tag = (more: Partial<Tag>) =>
  ({ uid: "04", kind: "table", table_id: "1", enrolled: "", ...more }) as Tag;

test.each([
  [{}, "live"],
  [{ retired: true }, "retired"],
  [{ retired: true, lost: true }, "lost"],
  [{ retired: true, replaced: "05" }, "replaced"],
  [{ retired: true, lost: true, erased: true }, "erased"],
] as const)("a tag with %j is %s", (more, want) => expect(stateOf(tag(more))).toBe(want));

test("every trouble with a code of ours has words in every language", () => {
  for (const code of troubles) {
    expect(en).toHaveProperty([`trouble.${code}`]);
    expect(de).toHaveProperty([`trouble.${code}`]);
  }
  expect(knownTrouble("torn")).toBe("torn");
  expect(knownTrouble("new one")).toBeUndefined();
  expect(deedOf("tag.moved")).toBe("moved");
  expect(deedOf("table.added")).toBeUndefined();
});

test("tables that have a tag are left out, unless they get a new one", () => {
  const tables = [
    { table: { id: "1" }, tags: [tag({})] },
    { table: { id: "2" }, tags: [tag({ kind: "puck" })] },
    { table: { id: "3", retired: true }, tags: [] },
  ];
  expect(needing(tables, false)).toEqual(["2"]);
  expect(needing(tables, true)).toEqual(["1", "2"]);
});

test("the device is asked while the walk is followed, and no longer", async () => {
  const get = vi.fn(async () => ({ phase: "waiting", items: [] }));
  const api = { get } as unknown as Api;
  const tagging = new Tagging({ api, run: async () => true, signedIn: (answer) => answer });
  const leave = tagging.follow();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(get.mock.calls.length).toBeGreaterThanOrEqual(5);
  expect(tagging.walk.value?.phase).toBe("waiting");
  leave();
  const asked = get.mock.calls.length;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(get.mock.calls.length).toBe(asked);
});
