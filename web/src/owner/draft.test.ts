import { describe, expect, it } from "vitest";
import { Problem } from "../lib/problem";
import { Draft, largestMenu } from "./draft.svelte";
import type { MenuCheck } from "./wire";

const summary = { categories: 1, items: 2, modifier_groups: 0, stations: 1, languages: 1 };
const good: MenuCheck = { ok: true, problems: [], summary };
const bad: MenuCheck = {
  ok: false,
  problems: [{ path: "currency", line: 3, column: 1, message: "unknown" }],
  summary,
};

function setup(check: (text: string) => MenuCheck | Promise<MenuCheck>, publish?: () => Promise<number>) {
  const published: string[] = [];
  const draft = new Draft({
    checkMenu: async (text) => check(text),
    publishMenu: publish ?? (async (text) => published.push(text)),
  });
  return { draft, published };
}

describe("menu draft", () => {
  it("is published only when exactly this text is sound", async () => {
    const { draft, published } = setup((text) => (text === "good" ? good : bad));
    draft.write("bad");
    await draft.examine();
    expect(draft.check?.problems[0]?.line).toBe(3);
    expect(await draft.publish()).toBeUndefined();
    draft.write("good");
    expect(draft.sound).toBe(false);
    await draft.examine();
    expect(await draft.publish()).toBe(1);
    expect(published).toEqual(["good"]);
    expect(draft.text).toBe("");
  });

  it("drops an answer about an older text", async () => {
    let answer: (check: MenuCheck) => void = () => {};
    const { draft } = setup(() => new Promise((done) => (answer = done)));
    draft.write("old");
    const asked = draft.examine();
    draft.write("new");
    answer(good);
    await asked;
    expect(draft.sound).toBe(false);
  });

  it("says why it could not be published and keeps the text", async () => {
    const refuse = () => Promise.reject(new Problem(422, "menu_invalid", "no", true));
    const { draft } = setup(() => good, refuse);
    draft.write("text");
    await draft.examine();
    expect(await draft.publish()).toBeUndefined();
    expect(draft.problem?.code).toBe("menu_invalid");
    expect(draft.text).toBe("text");
  });

  it("does not send what is too large or empty", async () => {
    let asked = 0;
    const { draft } = setup(() => (asked++, good));
    draft.write("x".repeat(largestMenu + 1));
    await draft.examine();
    draft.write("  ");
    await draft.examine();
    expect(asked).toBe(0);
  });
});
