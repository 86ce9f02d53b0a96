/** `examples/tasks`, as its page says. */
import { createHmac } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startServer, type TestServer } from "../support/server.ts";

let server: TestServer;
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "petiole-tasks-"));
  const secrets = path.join(folder, "secrets.dev.json");
  await writeFile(
    secrets,
    JSON.stringify({ statisticsSecret: "choose-one", importSecret: "choose-another" }),
  );
  const appDir = path.resolve(import.meta.dirname, "../../examples/tasks");
  server = await startServer({ appDir, appId: "tasks-abcde", secrets });
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

async function send(
  method: string,
  url: string,
  body?: string,
  headers: Headers = {},
): Promise<Answer> {
  const answer = await fetch(url, { method, headers, ...(body !== undefined && { body }) });
  const text = await answer.text();
  return { status: answer.status, body: text === "" ? "" : JSON.parse(text) };
}
type Headers = Readonly<Record<string, string>>;

const endpoint = (route: string): string => `${server.url}/app/tasks-abcde/endpoint${route}`;
const json = { "Content-Type": "application/json" };

async function logIn(email: string): Promise<Headers> {
  const provider = `${server.url}/api/client/v2.0/app/tasks-abcde/auth/providers/local-userpass`;
  const password = "secret1";
  expect(
    (await send("POST", `${provider}/register`, JSON.stringify({ email, password }), json)).status,
  ).toBe(201);
  const session = await send(
    "POST",
    `${provider}/login`,
    JSON.stringify({ username: email, password }),
    json,
  );
  const { access_token: token } = session.body as { readonly access_token: string };
  return { Authorization: `Bearer ${token}`, Accept: "application/json" };
}

test("everybody has tasks of their own, which the rules and the schema guard", async () => {
  const [ann, bob] = await Promise.all([logIn("ann@example.com"), logIn("bob@example.com")]);
  const added = await send("POST", endpoint("/tasks"), '{"title":"Write"}', ann);
  expect(added.status).toBe(201);
  const { insertedId } = added.body as { readonly insertedId: { readonly $oid: string } };
  expect(await send("POST", endpoint("/tasks"), '{"title":""}', ann)).toMatchObject({
    status: 400,
    body: { error_code: "FunctionExecutionError" },
  });
  expect(await send("GET", endpoint("/tasks"), undefined, ann)).toMatchObject({
    status: 200,
    body: [{ title: "Write", status: "open" }],
  });
  expect(await send("GET", endpoint("/tasks"), undefined, bob)).toEqual({ status: 200, body: [] });
  const change = JSON.stringify({ _id: insertedId, status: "done" });
  expect(await send("PATCH", endpoint("/tasks/status"), change, bob)).toEqual({
    status: 200,
    body: { matchedCount: 0, modifiedCount: 0 },
  });
  expect(await send("PATCH", endpoint("/tasks/status"), change, ann)).toEqual({
    status: 200,
    body: { matchedCount: 1, modifiedCount: 1 },
  });
  expect((await send("GET", endpoint("/tasks"))).status).toBe(400);
});

test("statistics ask for a secret, an import for a signature", async () => {
  const list = '[{"ownerId":"somebody","title":"imported","status":"doing"}]';
  const signature = createHmac("sha256", "choose-another").update(list).digest("hex");
  const signed = { "Endpoint-Signature": `sha256=${signature}` };
  expect(await send("POST", endpoint("/import"), list, signed)).toEqual({
    status: 200,
    body: { imported: 1 },
  });
  expect((await send("POST", endpoint("/import"), `${list} `, signed)).status).toBe(401);
  expect((await send("GET", endpoint("/statistics"))).status).toBe(401);
  expect(await send("GET", endpoint("/statistics?secret=choose-one"))).toMatchObject({
    status: 200,
    body: expect.arrayContaining([{ _id: "doing", count: 1 }]) as unknown[],
  });
});
