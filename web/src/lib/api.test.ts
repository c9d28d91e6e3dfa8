import { expect, test } from "vitest";
import { Api } from "./api";
import { Problem } from "./problem";

type Reply = Response | Error;

function api(replies: Reply[], key?: string) {
  const sent: { url: string; init: RequestInit }[] = [];
  const fake = (async (url: string, init: RequestInit) => {
    sent.push({ url, init });
    const reply = replies.shift() ?? new Error("no reply was planned");
    if (reply instanceof Error) throw reply;
    return reply;
  }) as typeof fetch;
  return { sent, api: new Api(() => key, { fetch: fake, wait: async () => {} }) };
}

const json = (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json", ...headers } });
const refusal = (status: number, code: string, headers: Record<string, string> = {}) =>
  json({ code, detail: "because", field: "lines[0]" }, status, {
    "Content-Type": "application/problem+json",
    ...headers,
  });

async function problemOf(promise: Promise<unknown>): Promise<Problem> {
  const error = await promise.catch((e: unknown) => e);
  if (!(error instanceof Problem)) throw new Error(`want a Problem, got ${String(error)}`);
  return error;
}

test("sends JSON with the key as a bearer, and no cookies", async () => {
  const { api: a, sent } = api([json({ ok: true }, 201, { "Idempotent-Replay": "true" })], "secret");
  const answer = await a.ask("/x", { method: "POST", body: { a: 1 } });
  expect(answer).toEqual({ value: { ok: true }, status: 201, replayed: true });
  expect(sent[0]!.init).toMatchObject({ method: "POST", body: '{"a":1}', credentials: "omit" });
  expect(sent[0]!.init.headers).toMatchObject({
    Authorization: "Bearer secret",
    "Content-Type": "application/json",
  });
});

test("an answer without content gives nothing", async () => {
  expect(await api([new Response(null, { status: 204 })]).api.delete("/x")).toBeUndefined();
});

test("a refusal of the device is definite and keeps its parts", async () => {
  const problem = await problemOf(api([refusal(429, "too_many", { "Retry-After": "5" })]).api.get("/x"));
  expect(problem).toMatchObject({ status: 429, code: "too_many", field: "lines[0]", retryAfter: 5 });
  expect([problem.uncertain, problem.passing]).toEqual([false, true]);
});

test.each([
  ["a broken line", new TypeError("failed to fetch")],
  ["a proxy's error page", new Response("<html>", { status: 502 })],
  ["a proxy's 503", new Response("", { status: 503 })],
  ["an error half-way", refusal(500, "internal")],
  ["a request that took too long", refusal(503, "timeout")],
])("%s leaves it uncertain whether a write was done", async (_name, reply) => {
  const problem = await problemOf(api([reply]).api.post("/x", {}));
  expect(problem.uncertain).toBe(true);
});

test("the device's own no for now is definite", async () => {
  expect((await problemOf(api([refusal(503, "unavailable")]).api.post("/x", {}))).uncertain).toBe(false);
});

test("reads are tried again when no answer came, writes only when told", async () => {
  const read = api([new Error("cut"), new Error("cut"), json("there")]);
  expect(await read.api.get("/x")).toBe("there");
  const write = api([new Error("cut"), json("there")]);
  expect((await problemOf(write.api.post("/x", {}))).code).toBe("offline");
  expect(write.sent).toHaveLength(1);
  const keyed = api([new Error("cut"), json("there")]);
  expect(await keyed.api.post("/x", { key: "k" }, { tries: 2 })).toBe("there");
});

test("a refusal is not asked for again", async () => {
  const { api: a, sent } = api([refusal(404, "not_found"), json("there")]);
  expect((await problemOf(a.get("/x"))).status).toBe(404);
  expect(sent).toHaveLength(1);
});
