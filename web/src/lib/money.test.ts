import { expect, test } from "vitest";
import { digits, money, percent, surcharge } from "./money";

const plain = (text: string) => text.replace(/\u00a0|\u202f/g, " ");

test.each([
  [1290, "EUR", "de", "12,90 €"],
  [1290, "EUR", "en", "€12.90"],
  [1290, "JPY", "en", "¥1,290"],
  [1290, "KWD", "en", "KWD 1.290"],
  [-250, "USD", "en", "-$2.50"],
  [0, "EUR", "de", "0,00 €"],
])("%d minor units of %s in %s", (minor, currency, language, want) => {
  expect(plain(money(minor, currency, language))).toBe(want);
});

test("digits, additions and rates", () => {
  expect([digits("EUR"), digits("JPY"), digits("KWD")]).toEqual([2, 0, 3]);
  expect(plain(surcharge(150, "EUR", "en"))).toBe("+€1.50");
  expect(plain(surcharge(-150, "EUR", "en"))).toBe("-€1.50");
  expect(plain(percent("8.875", "de"))).toBe("8,875 %");
});
