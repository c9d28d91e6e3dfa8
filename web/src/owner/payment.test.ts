import { describe, expect, it } from "vitest";
import { Payment } from "./payment.svelte";

describe("payment", () => {
  function setup(answers: boolean[]) {
    const calls: [string, string, string, number][] = [];
    const pay = async (session: string, key: string, kind: "cash" | "card", amount: number) => {
      calls.push([session, key, kind, amount]);
      return answers.shift() ?? true;
    };
    return { calls, payment: new Payment({ pay }, "s") };
  }

  it("proposes what is due until somebody types", () => {
    const { payment } = setup([]);
    payment.prefill(1250, "EUR", "de");
    expect(payment.text).toBe("12,50");
    payment.prefill(2000, "EUR", "de");
    expect(payment.text).toBe("20,00");
    payment.type("5");
    payment.prefill(3000, "EUR", "de");
    expect(payment.text).toBe("5");
  });

  it.each([
    ["12,50", 1250],
    ["0", "bad"],
    ["x", "bad"],
    ["12,51", "much"],
  ])("reads %j", (text, want) => {
    const { payment } = setup([]);
    payment.type(text);
    expect(payment.read({ due: 1250 }, "EUR", "de")).toBe(want);
  });

  it("keeps its key until the device has booked it", async () => {
    const { payment, calls } = setup([false, true, true]);
    expect(await payment.take("cash", 500)).toBe(false);
    expect(await payment.take("cash", 500)).toBe(true);
    await payment.take("cash", 500);
    expect(calls[0]![1]).toBe(calls[1]![1]);
    expect(calls[2]![1]).not.toBe(calls[1]![1]);
    expect(calls[0]![1].length).toBeLessThanOrEqual(64);
  });

  it("does not use a key again for another amount", async () => {
    const { payment, calls } = setup([false, true]);
    await payment.take("cash", 500);
    await payment.take("card", 700);
    expect(calls[0]![1]).not.toBe(calls[1]![1]);
  });

  it("takes one press at a time", async () => {
    const { payment, calls } = setup([]);
    await Promise.all([payment.take("cash", 500), payment.take("cash", 500)]);
    expect(calls).toHaveLength(1);
  });
});
