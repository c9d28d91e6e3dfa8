import { describe, expect, it, vi } from "vitest";
import { Api } from "./api";
import { Pairing } from "./pairing.svelte";
import { forget } from "./storage";

function api(status: number, body: unknown) {
  const type = status < 400 ? "application/json" : "application/problem+json";
  const fetch = vi.fn(
    async (_url: unknown, _init?: RequestInit) =>
      new Response(JSON.stringify(body), { status, headers: { "Content-Type": type } }),
  );
  return {
    fetch,
    api: new Api(() => undefined, { fetch: fetch as typeof globalThis.fetch, wait: async () => {} }),
  };
}

describe("pairing", () => {
  it("keeps the key over a reload until the screen is removed", async () => {
    const { api: ok, fetch } = api(200, { key: "secret", device: { role: "kitchen" } });
    const pairing = new Pairing("kitchen", ok);
    await pairing.redeem("123456", "Grill");
    expect(JSON.parse(String(fetch.mock.calls[0]![1]!.body))).toEqual({ code: "123456", name: "Grill" });
    expect(pairing.key).toBe("secret");
    expect(new Pairing("kitchen").key).toBe("secret");
    pairing.removed();
    expect(pairing.problem).toBe("removed");
    expect(new Pairing("kitchen").key).toBeUndefined();
  });

  it("lets an owner's key open a kitchen screen", async () => {
    const pairing = new Pairing("kitchen", api(200, { key: "own", device: { role: "owner" } }).api);
    await pairing.redeem("123456", "Grill");
    expect(pairing.key).toBe("own");
    forget("comanda.kitchen.key");
  });

  it("hands a code for another screen over to that screen", async () => {
    const pairing = new Pairing("owner", api(200, { key: "disp", device: { role: "display" } }).api);
    await pairing.redeem("123456", "Bar");
    expect(pairing.key).toBeUndefined();
    expect(pairing.elsewhere).toBe("display");
    expect(new Pairing("display").key).toBe("disp");
  });

  it.each([
    [404, "wrong"],
    [410, "wrong"],
    [403, "wrong"],
    [422, "wrong"],
    [429, "too-many"],
    [503, "unreachable"],
  ])("says what to do after %i", async (status, want) => {
    const pairing = new Pairing("display", api(status, { code: "x" }).api);
    await pairing.redeem("000000", "Bar");
    expect(pairing.problem).toBe(want);
    expect(pairing.busy).toBe(false);
  });
});
