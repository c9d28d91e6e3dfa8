import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Quote, renewed, settles } from "./quote.svelte";

const answers: { from_seconds: number; to_seconds: number }[] = [];
const asked: string[][] = [];
const ask = (items: string[]) => {
  asked.push(items);
  const answer = answers.shift();
  return answer ? Promise.resolve(answer) : Promise.reject(new Error("out of reach"));
};

beforeEach(() => {
  vi.useFakeTimers();
  answers.length = asked.length = 0;
});
afterEach(() => {
  vi.useRealTimers();
});

test("is asked for at once, once per dish, and again when the dishes change", async () => {
  const quote = new Quote(ask);
  answers.push({ from_seconds: 540, to_seconds: 900 }, { from_seconds: 840, to_seconds: 1500 });
  quote.want(["soup", "steak", "soup"]);
  await vi.advanceTimersByTimeAsync(0);
  expect(asked).toEqual([["soup", "steak"]]);
  expect(quote.minutes).toEqual({ from: 9, to: 15 });
  quote.want(["steak", "soup"]);
  await vi.advanceTimersByTimeAsync(settles);
  expect(asked).toHaveLength(1);
  quote.want(["steak", "soup", "cake"]);
  quote.want(["steak", "soup", "cake", "tea"]);
  await vi.advanceTimersByTimeAsync(settles);
  expect(asked).toEqual([
    ["soup", "steak"],
    ["cake", "soup", "steak", "tea"],
  ]);
  expect(quote.minutes).toEqual({ from: 14, to: 25 });
  quote.stop();
});

test("is renewed, keeps its last word while nobody answers, and ends with the page", async () => {
  const quote = new Quote(ask);
  answers.push({ from_seconds: 60, to_seconds: 61 });
  quote.want(["tea"]);
  await vi.advanceTimersByTimeAsync(0);
  expect(quote.minutes).toEqual({ from: 1, to: 2 });
  await vi.advanceTimersByTimeAsync(renewed);
  expect(asked).toHaveLength(2);
  expect(quote.minutes).toEqual({ from: 1, to: 2 });
  answers.push({ from_seconds: 2000, to_seconds: 2701 });
  await vi.advanceTimersByTimeAsync(renewed);
  expect(quote.minutes).toEqual({ from: 30, to: 50 });
  quote.stop();
  await vi.advanceTimersByTimeAsync(3 * renewed);
  expect(asked).toHaveLength(3);
});

test("nothing is said where nothing is known or wanted", async () => {
  const quote = new Quote(ask);
  answers.push({ from_seconds: 0, to_seconds: 0 }, { from_seconds: 60, to_seconds: 120 });
  quote.want(["tea"]);
  await vi.advanceTimersByTimeAsync(0);
  expect(quote.minutes).toBeUndefined();
  quote.want(["tea", "cake"]);
  await vi.advanceTimersByTimeAsync(settles);
  expect(quote.minutes).toEqual({ from: 1, to: 2 });
  quote.want([]);
  expect(quote.minutes).toBeUndefined();
});

test("an answer that comes after the cart has changed is not taken", async () => {
  let answer: (quote: { from_seconds: number; to_seconds: number }) => void = () => {};
  const quote = new Quote(() => new Promise((resolve) => (answer = resolve)));
  quote.want(["tea"]);
  await vi.advanceTimersByTimeAsync(0);
  quote.want(["steak"]);
  answer({ from_seconds: 60, to_seconds: 120 });
  await vi.advanceTimersByTimeAsync(0);
  expect(quote.minutes).toBeUndefined();
  quote.stop();
});
