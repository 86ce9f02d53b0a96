/**
 * Secrets in every place where a request, an app or a server has one: none may come out of a log, a metric, an audit
 * entry, an error, a line on standard output or a file of the state.
 */
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Admin, adminOf } from "../support/admin.ts";
import { startPetiole } from "../support/petiole.ts";
import {
  body,
  credentials,
  deadUri,
  echo,
  form,
  headers,
  longKey,
  plant,
  planted,
  printed,
  printer,
  query,
  variables,
} from "../support/planted.ts";
import { startServer, type TestServer } from "../support/server.ts";

interface Sent {
  readonly status: number;
  readonly text: string;
}

/** @param headers `apiKey: ""` takes the key away */
async function call(
  { url, appId, apiKey }: Pick<TestServer, "url" | "appId" | "apiKey">,
  to: string,
  given: Readonly<Record<string, string>>,
  content: string,
): Promise<Sent> {
  const answer = await fetch(`${url}/app/${appId}/endpoint${to}`, {
    method: "POST",
    headers: { apiKey, "Content-Type": "application/json", ...given },
    body: content,
  });
  return { status: answer.status, text: await answer.text() };
}

/** Calls in which the request carries all of the secrets. @returns what is said of those that fail */
async function callAll(server: Parameters<typeof call>[0]): Promise<string[]> {
  const failures: string[] = [];
  for (const each of credentials) {
    const { status, text } = await call(server, "/data/v1/action/find", each, body);
    expect(status).toBeGreaterThanOrEqual(400);
    failures.push(text);
  }
  // The sender's own, in a request that is refused before anybody looks at it, and in one that is not understood.
  for (const to of [
    `/nix?${query}`,
    `/data/v1/action/nix?${query}`,
    `/data/v1/action/find?${query}`,
  ])
    failures.push((await call(server, to, headers, form)).text);
  return failures;
}

function leaksIn(
  places: Readonly<Record<string, string>>,
  own: readonly string[],
): readonly string[] {
  return Object.entries(places).flatMap(([place, text]) =>
    [...planted.keys(), ...own]
      .filter((secret) => text.includes(secret))
      .map((secret) => `${place}: ${secret} of ${planted.get(secret) ?? "the server"}`),
  );
}

describe("planted secrets", () => {
  let server: TestServer;
  let admin: Admin;

  beforeAll(async () => {
    server = await startServer(
      { logRequests: true, source: `dead=${deadUri}` },
      variables.PETIOLE_API_KEY,
      variables,
    );
    admin = await adminOf(server);
    for (const name of ["one", "two", "three"])
      await admin.must("POST", "{A}/secrets", { name, value: plant("app secret") });
    for (const [name, value] of [
      ["one", "one"],
      ["two", "two"],
      ["three", "three"],
      ["env", "FROM_ENVIRONMENT"],
    ])
      await admin.must("POST", "{A}/values", { name, value, from_secret: true, private: true });
    for (const [name, source] of [
      ["echo", echo],
      ["print", printer],
    ] as const) {
      const made = await admin.must<{ readonly _id: string }>("POST", "{A}/functions", {
        name,
        private: false,
        source,
      });
      await admin.must("POST", "{A}/endpoints", {
        route: `/${name}`,
        http_method: "*",
        function_id: made._id,
        function_name: name,
        validation_method: "NO_VALIDATION",
        respond_result: true,
        return_type: "JSON",
        disabled: false,
        fetch_custom_user_data: false,
        create_user_on_auth: false,
      });
    }
  });
  afterAll(async () => server.close());

  test("none appears in logs, audit entries, metrics, errors, events or the state's files", async () => {
    expect((await call(server, `/echo?${query}`, headers, body)).status).toBe(200);
    const failing = await call(server, `/echo?fails=yes&${query}`, headers, form);
    expect(failing.status).toBe(400);
    expect(failing.text).toContain("it was [redacted] and [redacted] and");
    const encoded = Buffer.from(JSON.stringify(printed)).toString("base64");
    expect((await call(server, "/print", {}, encoded)).status).toBe(400);
    const ready = fetch(`${server.url}/readyz`);
    const failures = await callAll(server);
    const imported = { name: "imported", key: plant("admin", longKey) };
    const made = { email: "b@example.com", password: plant("admin") };
    const refused = [
      await admin.call("POST", "{A}/api_keys", imported),
      await admin.call("POST", "/administrators", made),
      await admin.call("POST", "{A}/secrets", { name: "no name", value: plant("admin") }),
      await admin.call("POST", "/auth/providers/local-userpass/login", {
        username: "b@example.com",
        password: plant("admin"),
      }),
      await admin.call("PUT", "{A}/secrets/000000000000000000000000", {
        name: "x",
        value: plant("admin"),
      }),
    ].filter(({ status }) => status >= 400);
    expect(refused).toHaveLength(3);

    const { body: page } = await admin.call<{ readonly logs: readonly Entry[] }>("GET", "{A}/logs");
    mustTell(page.logs);
    const metrics = await fetch(`${server.url}/metrics`, {
      headers: { Authorization: `Bearer ${server.adminToken}` },
    });
    failures.push(await (await ready).text());
    expect(failures.at(-1)).toContain("a data source can not serve");
    const audit = await admin.call("GET", "{A}/audit");
    expect(JSON.stringify(audit.body)).toContain("imported");
    const everywhere = {
      log: JSON.stringify(page),
      bodies: page.logs.map(bodyOf).join("\n"),
      audit: JSON.stringify(audit.body),
      serverAudit: JSON.stringify((await admin.call("GET", `/groups/${admin.group}/audit`)).body),
      metrics: await metrics.text(),
      errors: JSON.stringify([...failures, ...refused.map((each) => each.body)]),
      events: JSON.stringify(server.events),
      state: readStateFiles(server.data),
    };
    expect(leaksIn(everywhere, [server.adminToken, server.apiKey])).toEqual([]);
  });

  test("there are 50 of them and more, of every kind", () => {
    const places = [...planted.values()];
    const counts = Object.fromEntries(
      [...new Set(places)].map((place) => [place, places.filter((each) => each === place).length]),
    );
    expect(planted.size).toBeGreaterThanOrEqual(50);
    expect(counts).toEqual({
      environment: 5,
      "app secret": 3,
      header: 16,
      query: 10,
      body: 13,
      credential: 5,
      "function output": 8,
      admin: 5,
    });
  });
});

type Entry = Readonly<Record<string, unknown>>;

/** What was logged is there, but for what must not be. */
function mustTell(logs: readonly Entry[]): void {
  const [printing] = logs.filter((each) => each["endpoint_route"] === "/print");
  expect(printing?.["messages"]).toHaveLength(printed.length);
  const [failed] = logs.filter(
    (each) => each["endpoint_route"] === "/echo" && each["error"] !== undefined,
  );
  expect(failed?.["error"]).toContain("it was [redacted]");
  expect(String(failed?.["messages"])).toContain("held");
  expect(failed).toMatchObject({
    type: "ENDPOINT",
    error_code: "FunctionExecutionError",
    endpoint_route: "/echo",
    endpoint_id: expect.stringMatching(/^[0-9a-f]{24}$/) as unknown,
    function_id: expect.stringMatching(/^[0-9a-f]{24}$/) as unknown,
    function_name: "echo",
  });
}

function bodyOf(entry: Entry): string {
  const args = entry["endpoint_args"] as
    | { readonly body?: { readonly $binary: { readonly base64: string } } }
    | undefined;
  return Buffer.from(args?.body?.$binary.base64 ?? "", "base64").toString("utf8");
}

/** Segments whose texts are few are not packed, so that a secret would stand there as it is. */
function readStateFiles(data: string): string {
  const folder = path.join(data, "state");
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map((each) => readFileSync(path.join(each.parentPath, each.name)).toString("latin1"))
    .join("\n");
}

test("planted secrets: none is printed by the program, whether it starts or not", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "petiole-secrets-"));
  const args = ["--data", path.join(folder, "data"), "--app-id", "data-tests", "--log-requests"];
  try {
    const secrets = path.join(folder, "secrets.json");
    await writeFile(secrets, JSON.stringify({ from_file: plant("environment") }));
    const petiole = await startPetiole({
      args: [...args, "--source", `dead=${deadUri}`, "--secrets", secrets],
      environment: variables,
    });
    const failures = await callAll({
      url: petiole.url,
      appId: "data-tests",
      apiKey: variables.PETIOLE_API_KEY,
    });
    expect(await petiole.stop()).toBe(0);
    expect(petiole.output()).toContain('"event":"request"');
    const refused = await startPetiole({
      args: [...args, "--source", `dead=${deadUri.replace("mongodb:", "mongo:")}`],
      environment: variables,
    }).catch((cause: unknown) => cause);
    expect(refused).toBeInstanceOf(Error);
    const places = {
      output: petiole.output(),
      refusal: String(refused),
      errors: failures.join("\n"),
    };
    expect(leaksIn(places, [])).toEqual([]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
