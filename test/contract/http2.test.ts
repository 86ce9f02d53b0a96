import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { type ClientHttp2Session, connect, type IncomingHttpHeaders } from "node:http2";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { first } from "../support/certificates.ts";
import { startServer, type TestServer } from "../support/server.ts";

let folder = "";
let server: TestServer;
let client: ClientHttp2Session;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "petiole-http2-"));
  const [tlsCert, tlsKey] = [path.join(folder, "cert.pem"), path.join(folder, "key.pem")];
  await writeFile(tlsCert, first.cert);
  await writeFile(tlsKey, first.key);
  server = await startServer({ tlsCert, tlsKey });
  client = connect(server.url, { rejectUnauthorized: false });
});
afterAll(async () => {
  client.close();
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

interface Answer {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

async function call(
  to: string,
  headers: Readonly<Record<string, string>> = {},
  body?: string,
): Promise<Answer> {
  const stream = client.request({
    ":path": to,
    ":method": body === undefined ? "GET" : "POST",
    ...headers,
  });
  const answered = new Promise<IncomingHttpHeaders>((resolve) => {
    stream.once("response", resolve);
  });
  stream.end(body);
  return { headers: await answered, body: await text(stream) };
}

async function act(action: string, fields: object): Promise<Answer> {
  const namespace = { dataSource: "mongodb-atlas", database: server.database, collection: "c" };
  const headers = { apikey: server.apiKey, "content-type": "application/json" };
  const to = `/app/${server.appId}/endpoint/data/v1/action/${action}`;
  return call(to, headers, JSON.stringify({ ...namespace, ...fields }));
}

test("HTTP/2: actions, and failures with a link to where they were asked", async () => {
  const made = await act("insertOne", { document: { _id: "x", text: "ü".repeat(10_000) } });
  expect([made.headers[":status"], made.body]).toEqual([201, '{"insertedId":"x"}']);
  const found = await act("findOne", { filter: { _id: "x" } });
  expect(found.headers["content-type"]).toBe("application/json");
  expect(JSON.parse(found.body)).toEqual({ document: { _id: "x", text: "ü".repeat(10_000) } });
  const failed = await act("insertOne", {});
  expect(failed.headers[":status"]).toBe(400);
  expect(JSON.parse(failed.body)).toMatchObject({ error_code: "MissingParameter" });
  expect(failed.body).toContain(`"link":"${server.url}/console/logs?co_id=`);
});

test("HTTP/2: many requests on one connection", async () => {
  const answers = await Promise.all(Array.from({ length: 300 }, async () => act("find", {})));
  expect(new Set(answers.map((each) => each.headers[":status"]))).toEqual(new Set([200]));
});

test("HTTP/2: the admin API, and the log of what was asked", async () => {
  const headers = { authorization: `Bearer ${server.adminToken}` };
  const profile = await call("/api/admin/v3.0/auth/profile", headers);
  expect(profile.headers[":status"]).toBe(200);
  const group = (
    JSON.parse(profile.body) as { readonly roles: readonly [{ readonly group_id: string }] }
  ).roles[0].group_id;
  const apps = await call(`/api/admin/v3.0/groups/${group}/apps`, headers);
  const [app] = JSON.parse(apps.body) as readonly [{ readonly _id: string }];
  const id = String((await act("find", {})).headers["x-request-id"]);
  const log = await call(
    `/api/admin/v3.0/groups/${group}/apps/${app._id}/logs?co_id=${id}`,
    headers,
  );
  const { logs } = JSON.parse(log.body) as { readonly logs: readonly unknown[] };
  expect(logs).toMatchObject([
    { request_method: "POST", endpoint_args: { headers: { apikey: ["[redacted]"] } } },
  ]);
  expect(JSON.stringify(logs)).not.toContain('":path"');
});
