import { describe, expect, it } from "vitest";
import { amountOf, editable } from "./amount";
import { namesOf } from "./ranges";

describe("names of tables", () => {
  it.each([
    ["1-3", ["1", "2", "3"]],
    ["1-3,30,Bar 1", ["1", "2", "3", "30", "Bar 1"]],
    [" 7 ; 8\n9 ,", ["7", "8", "9"]],
    ["Terrace 1-3", ["Terrace 1", "Terrace 2", "Terrace 3"]],
    ["A1-A3", ["A1", "A2", "A3"]],
    ["01 – 03", ["01", "02", "03"]],
    ["09-11", ["09", "10", "11"]],
    ["Room-Service", ["Room-Service"]],
    ["B12-C3", ["B12-C3"]],
    ["5-5", ["5"]],
  ])("%j", (text, want) => expect(namesOf(text)).toEqual({ names: want, repeated: [], problem: undefined }));

  it.each([
    ["", "empty"],
    [" , ", "empty"],
    ["20-1", "range"],
    ["1-9999999999", "range"],
    ["1-150, 201-300", "too-many"],
    ["x".repeat(41), "too-long"],
  ])("refuses %j: %s", (text, problem) => expect(namesOf(text)).toMatchObject({ names: [], problem }));

  it("leaves out what is there already", () => {
    expect(namesOf("1-3, 2, bar", ["3", "Bar"])).toEqual({
      names: ["1", "2"],
      repeated: ["3", "2", "bar"],
      problem: undefined,
    });
    expect(namesOf("3", ["3"])).toEqual({ names: [], repeated: ["3"], problem: "empty" });
  });
});

describe("amounts", () => {
  it.each([
    ["12,50", "EUR", "de", 1250],
    ["12.50", "EUR", "de", 1250],
    ["12,5", "EUR", "de", 1250],
    ["12", "EUR", "de", 1200],
    ["1.234,56 €", "EUR", "de", 123456],
    ["1.234", "EUR", "de", 123400],
    ["1,234", "EUR", "en", 123400],
    ["1,234.56", "EUR", "en", 123456],
    ["€ 12.50", "EUR", "en", 1250],
    ["1’234.50", "CHF", "de-CH", 123450],
    ["1 234,5", "EUR", "fr", 123450],
    [",50", "EUR", "de", 50],
    ["12,", "EUR", "de", 1200],
    ["1500", "JPY", "ja", 1500],
    ["1,500", "JPY", "ja", 1500],
    ["1.500", "JPY", "de", 1500],
    ["1.250", "KWD", "en", 1250],
    ["1234567,89", "EUR", "de", 123456789],
  ])("%j %s in %s", (text, currency, language, want) =>
    expect(amountOf(text, currency, language)).toBe(want),
  );

  it.each(["", "abc", "-5", "12,505", "1,2,3", "12.34.56,7", "1.23,45.6", "9".repeat(20)])(
    "refuses %j",
    (text) => expect(amountOf(text, "EUR", "de")).toBeUndefined(),
  );

  it("reads back what it writes", () => {
    for (const [currency, language] of [
      ["EUR", "de"],
      ["USD", "en"],
      ["JPY", "ja"],
      ["KWD", "en"],
    ] as const) {
      for (const minor of [0, 1, 99, 1000, 123456, 99999999]) {
        expect(amountOf(editable(minor, currency, language), currency, language)).toBe(minor);
      }
    }
  });
});
