import { expect, it } from "vitest";
import { isNumber } from "./tables";

it.each([
  ["7", true],
  ["12a", true],
  ["#4", true],
  ["Bar 2", false],
  ["Terrace", false],
  ["", false],
])("knows whether %j is a number", (name, want) => expect(isNumber(name)).toBe(want));
