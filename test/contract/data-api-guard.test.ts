/** What `data_api_config.json` asks of those who call actions. */
import { createHmac } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type AdminApp, adminApp } from "../support/deploy.ts";
import { startServer, type TestServer } from "../support/server.ts";

const secret = "Super5ecr3tPa55w0rd";
let server: TestServer;
let app: AdminApp;
let user = "";
beforeAll(async () => {
  server = await startServer();
  app = await adminApp(server);
  await app.call("POST", "/secrets", { name: "shared", value: secret });
  await deploy({});
  const made = await app.call("POST", "/users", { email: "a@example.com", password: "secret1" });
  user = (made.body as { readonly _id: string })._id;
});
afterAll(async () => {
  await server.close();
});

/** @param guard settings of the Data API */
async function deploy(guard: object): Promise<void> {
  const role = {
    name: "own",
    apply_when: {},
    document_filters: { read: { owner: "%%user.id" }, write: { owner: "%%user.id" } },
    read: true,
    write: true,
    insert: true,
    delete: true,
    search: true,
  };
  await app.push({
    "realm_config.json": { config_version: 20210101, name: "app", app_id: "data-tests" },
    "auth/providers.json": {
      "api-key": { name: "api-key", type: "api-key", disabled: false },
      "local-userpass": {
        name: "local-userpass",
        type: "local-userpass",
        config: { autoConfirm: true, resetPasswordUrl: "https://app.example/reset" },
        disabled: false,
      },
    },
    "data_sources/mongodb-atlas/config.json": {
      name: "mongodb-atlas",
      type: "mongodb-atlas",
      config: { clusterName: "C", readPreference: "primary", wireProtocolEnabled: false },
    },
    "data_sources/mongodb-atlas/default_rule.json": { roles: [role], filters: [] },
    "http_endpoints/data_api_config.json": {
      disabled: false,
      versions: ["v1"],
      return_type: "JSON",
      ...guard,
    },
  });
}

interface Sent {
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly fields?: object;
  readonly action?: string;
}

async function call({ query = "", headers = {}, fields = {}, action = "find" }: Sent) {
  const body = JSON.stringify({
    dataSource: "mongodb-atlas",
    database: server.database,
    collection: "guarded",
    ...fields,
  });
  const signature = createHmac("sha256", secret).update(body).digest("hex");
  const wanted = { "Content-Type": "application/json", apiKey: server.apiKey, ...headers };
  const sent = Object.entries(wanted).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value.replace("SIGNATURE", signature)] as [string, string]],
  );
  const answer = await fetch(`${server.actions}/${action}${query}`, {
    method: "POST",
    headers: sent,
    body,
  });
  return {
    status: answer.status,
    body: (await answer.json()) as Readonly<Record<string, unknown>>,
  };
}

const none = { apiKey: undefined };
const unauthorized = {
  error: "the request is not authorized",
  error_code: "IncomingWebhookAuthFailed",
};
const byQuery = { validation_method: "SECRET_AS_QUERY_PARAM", secret_name: "shared" };
const bySignature = { validation_method: "VERIFY_PAYLOAD", secret_name: "shared" };
const byHeader = { can_evaluate: { "%%request.requestHeaders.x-secret-key": "my-secret" } };
const denied = { error_code: "NoMatchingRuleFound" };

test.for<[title: string, guard: object, sent: Sent, status: number, body?: object]>([
  ["a secret", byQuery, { query: `?secret=${secret}` }, 200],
  ["no secret", byQuery, {}, 401, unauthorized],
  ["a wrong secret", byQuery, { query: "?secret=x" }, 401, unauthorized],
  [
    "a secret without a key",
    byQuery,
    { query: `?secret=${secret}`, headers: none },
    400,
    { error_code: "InvalidParameter" },
  ],
  ["a signature", bySignature, { headers: { "Endpoint-Signature": "sha256=SIGNATURE" } }, 200],
  [
    "a wrong signature",
    bySignature,
    { headers: { "Endpoint-Signature": `sha256=${"0".repeat(64)}` } },
    401,
    unauthorized,
  ],
  ["a condition that holds", byHeader, { headers: { "X-Secret-Key": "my-secret" } }, 200],
  ["a condition that does not", byHeader, { headers: { "X-Secret-Key": "x" } }, 403, denied],
  ["a condition on the user", { can_evaluate: { "%%user.type": "server" } }, {}, 200],
  ["a condition on another user", { can_evaluate: { "%%user.type": "normal" } }, {}, 403, denied],
  ["nothing, as the system", { run_as_system: true }, { headers: none }, 200],
  [
    "a condition, as the system",
    { run_as_system: true, ...byHeader },
    { headers: none },
    403,
    denied,
  ],
  [
    "nothing, as a user who is not there",
    { run_as_user_id: "0".repeat(24) },
    { headers: none },
    401,
    { error_code: "InvalidSession" },
  ],
  [
    "a script that lets it be the system",
    { run_as_user_id_script_source: "exports = () => ({ runAsSystem: true });" },
    { headers: none },
    200,
  ],
  [
    "a script that asks for a header",
    {
      run_as_user_id_script_source:
        "exports = () => { if (context.request.requestHeaders['X-Key']?.[0] !== 'k') throw new Error('no'); return { runAsSystem: true }; };",
    },
    { headers: { ...none, "X-Key": "x" } },
    400,
    { error: "no", error_code: "FunctionExecutionError" },
  ],
])("the Data API asks for what it is told to: %s", async ([, guard, sent, status, body = {}]) => {
  await deploy(guard);
  const answer = await call(sent);
  expect(answer).toMatchObject({ status, body });
  expect(JSON.stringify([answer, server.events])).not.toContain(secret);
});

test("the Data API runs as the user that it names, under that user's rules", async () => {
  await deploy({ run_as_system: true });
  for (const owner of [user, "somebody"])
    await call({ headers: none, action: "insertOne", fields: { document: { _id: owner, owner } } });
  const own = { status: 200, body: { documents: [{ _id: user, owner: user }] } };
  const source = `exports = () => "${user}";`;
  for (const guard of [{ run_as_user_id: user }, { run_as_user_id_script_source: source }]) {
    await deploy(guard);
    expect(await call({ headers: none })).toEqual(own);
  }
  await app.call("PUT", `/users/${user}/disable`);
  expect((await call({ headers: none })).status).toBe(401);
});
