/** Limits of an app of its own: set over the admin API, kept with the app, enforced from the next request on. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, send } from "../support/scenario.ts";
import { startServer, type TestServer } from "../support/server.ts";

const headers = { apiKey: undefined, Authorization: "Bearer TOKEN" };
const defaults = {
  requestBytesMax: 100_000,
  responseBytesMax: 16_777_216,
  processingMsMax: 90_000,
  requestsAtOnceMax: 10_000,
  findLimitDefault: 1000,
  documentsMax: 50_000,
};

/** Counts 10^9 documents of joins, if nobody stops it. */
const slowBody = {
  pipeline: [
    ...Array.from({ length: 8 }, (_, index) => [
      { $lookup: { from: "c", as: `x${index}`, pipeline: [] } },
      { $unwind: `$x${index}` },
    ]).flat(),
    { $count: "n" },
  ],
};

describe("limits of an app", () => {
  let server: TestServer;
  let path = "";
  let other = "";

  async function admin(method: string, to: string, body?: unknown): Promise<unknown> {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const request = { method, to: `/api/admin/v3.0${to}`, headers, ...sent };
    const answer = await send(server, request, "");
    return answer.body === "" ? undefined : JSON.parse(answer.body);
  }

  async function call(action: string, body: object, app?: string): Promise<Answer> {
    const to = app === undefined ? action : `/app/${app}/endpoint/data/v1/action/${action}`;
    return send(server, { to, body: { ...body } }, "c");
  }

  async function countOf(action: string, body: object): Promise<number> {
    const { documents } = JSON.parse((await call(action, body)).body) as { documents: unknown[] };
    return documents.length;
  }

  async function codeOf(action: string, body: object): Promise<readonly [number, string]> {
    const answer = await call(action, body);
    const { error_code: code = "" } = JSON.parse(answer.body) as { error_code?: string };
    return [answer.status, code];
  }

  beforeAll(async () => {
    server = await startServer({ requestBytesMax: defaults.requestBytesMax });
    const profile = (await admin("GET", "/auth/profile")) as { roles: [{ group_id: string }] };
    const apps = `/groups/${profile.roles[0].group_id}/apps`;
    const [app] = (await admin("GET", apps)) as [{ _id: string }];
    path = `${apps}/${app._id}/limits`;
    const made = (await admin("POST", apps, { name: "other" })) as { client_app_id: string };
    other = made.client_app_id;
    const documents = Array.from({ length: 10 }, (_, n) => ({ n }));
    await call("insertMany", { documents });
  });
  afterAll(async () => {
    await server.close();
  });

  test("are the server's until they are set, and again when they are taken away", async () => {
    expect(await admin("GET", path)).toMatchObject({ effective: defaults, own: {} });
    const set = await admin("PATCH", path, { findLimitDefault: 3, documentsMax: 5 });
    const own = { findLimitDefault: 3, documentsMax: 5 };
    expect(set).toMatchObject({ effective: { ...defaults, ...own }, own });
    expect(await countOf("find", {})).toBe(3);
    expect(await countOf("find", { limit: 8 })).toBe(5);
    expect(await codeOf("aggregate", { pipeline: [] })).toEqual([400, "ReadSizeLimitExceeded"]);
    await admin("PATCH", path, { findLimitDefault: null, documentsMax: null });
    expect(await admin("GET", path)).toMatchObject({ effective: defaults, own: {} });
    expect(await countOf("find", {})).toBe(10);
  });

  test.for<
    [name: string, value: number, action: string, body: object, status: number, code: string]
  >([
    ["requestBytesMax", 60, "findOne", {}, 413, "RequestTooLarge"],
    ["responseBytesMax", 50, "find", {}, 400, "ReadSizeLimitExceeded"],
    ["processingMsMax", 50, "aggregate", slowBody, 504, "ExecutionTimeLimitExceeded"],
  ])("%s ends what is above it", async ([name, value, action, body, status, code]) => {
    await admin("PATCH", path, { [name]: value });
    expect(await codeOf(action, body)).toEqual([status, code]);
    await admin("PATCH", path, { [name]: null });
    expect((await call("findOne", {})).status).toBe(200);
  });

  test("requestsAtOnceMax is each app's own", async () => {
    await admin("PATCH", path, { requestsAtOnceMax: 1, processingMsMax: 1000 });
    const slow = call("aggregate", slowBody);
    const status = async (): Promise<number> => (await call("findOne", {})).status;
    await expect.poll(status, { interval: 5 }).toBe(429);
    // Of another app, the same key is no key; but it was let in.
    expect((await call("findOne", {}, other)).status).toBe(401);
    expect((await slow).status).toBe(504);
    await expect.poll(status, { interval: 5 }).toBe(200);
    await admin("PATCH", path, { requestsAtOnceMax: null, processingMsMax: null });
  });

  test("a body is never bigger than the server takes", async () => {
    await admin("PATCH", path, { requestBytesMax: 1_000_000 });
    expect(await admin("GET", path)).toMatchObject({ effective: { requestBytesMax: 100_000 } });
    const [status] = await codeOf("findOne", { filter: { text: "x".repeat(200_000) } });
    expect(status).toBe(413);
    await admin("PATCH", path, { requestBytesMax: null });
  });

  test.for<[changes: unknown, error: string]>([
    [{ nix: 1 }, "'nix' is no limit of an app"],
    [{ constructor: 1 }, "'constructor' is no limit of an app"],
    [{ serverKeysMax: 1 }, "'serverKeysMax' is no limit of an app"],
    [{ documentsMax: 0 }, "documentsMax must be a whole number from 1 to 10000000"],
    [{ documentsMax: "5" }, "documentsMax must be a whole number"],
    [{ documentsMax: 1.5 }, "documentsMax must be a whole number"],
    [{ findLimitDefault: 7, processingMsMax: -1 }, "processingMsMax must be a whole number"],
    [[], "must be object"],
  ])("%j is refused, and nothing changes", async ([changes, error]) => {
    expect(await admin("PATCH", path, changes)).toMatchObject({
      error: expect.stringContaining(error),
    });
    expect(await admin("GET", path)).toMatchObject({ own: {} });
  });
});
