import { describe, expect, test } from "vitest";
import { doubtful, refusedTaps, worked, working } from "./people";
import type { Badge, People, Person } from "./wire";

const at = "2026-11-20T19:00:00Z";

function person(name: string, more: Partial<Person> = {}): Person {
  return { id: name, name, role: "waiter", added: at, badges: [], ...more };
}

describe("people", () => {
  test("who is in comes first, then the alphabet; removed ones are left out", () => {
    const people = [
      person("Zoe"),
      person("anna"),
      person("Bert", { in: at }),
      person("Old", { removed: true }),
    ];
    const house: People = { now: at, people, rooms: [], readers: [], guards: [] };
    expect(working(house, "en").map((p) => p.name)).toEqual(["Bert", "anna", "Zoe"]);
  });

  test("refused taps of all badges are added up", () => {
    const badge = (refused?: number): Badge => ({
      uid: "04",
      kind: "staff",
      state: "active",
      enrolled: at,
      ...(refused && { refused }),
    });
    expect(refusedTaps(person("Anna", { badges: [badge(2), badge(), badge(1)] }))).toBe(3);
  });

  test.each([
    [0, "0:00"],
    [59, "0:00"],
    [25_500, "7:05"],
    [36_000, "10:00"],
  ])("%d s worked are %s", (seconds, text) => expect(worked(seconds)).toBe(text));

  test("one doubtful shift makes the day doubtful", () => {
    const shift = {
      id: "s",
      person: "p",
      name: "A",
      role: "waiter",
      business_day: "2026-11-20",
      in: at,
    } as const;
    const day = { person: "p", name: "A", role: "waiter", seconds: 0 } as const;
    expect(doubtful({ ...day, shifts: [shift] })).toBe(false);
    expect(doubtful({ ...day, shifts: [shift, { ...shift, doubtful: true }] })).toBe(true);
  });
});
