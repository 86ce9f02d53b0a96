/** Functions, endpoints, values and triggers over the admin API: made, changed, run, deleted. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { type AdminApp, adminApp } from "../support/deploy.ts";
import { startServer, type TestServer } from "../support/server.ts";

let server: TestServer;
let app: AdminApp;
beforeEach(async () => {
  server = await startServer();
  app = await adminApp(server);
});
afterEach(async () => {
  await server.close();
});

type Part = Readonly<Record<string, unknown>> & { readonly _id: string };

async function make(kind: string, body: object): Promise<Part> {
  const answer = await app.call("POST", `/${kind}`, body);
  expect([answer.status, answer.body]).toEqual([
    201,
    expect.objectContaining({ _id: expect.any(String) as string }),
  ]);
  return answer.body as Part;
}

async function hear(route: string): Promise<readonly [status: number, body: string]> {
  const answer = await fetch(`${server.url}/app/${server.appId}/endpoint${route}`);
  return [answer.status, await answer.text()];
}

test("a function and its endpoint are made, changed, renamed, and deleted", async () => {
  const made = await make("functions", {
    name: "greet",
    source: "exports = () => 'hello';",
    run_as_system: true,
    private: true,
  });
  expect(made).toMatchObject({ name: "greet", private: true, run_as_system: true });
  const endpoint = await make("endpoints", {
    route: "/greet",
    http_method: "GET",
    function_id: made._id,
    validation_method: "NO_VALIDATION",
    respond_result: true,
    return_type: "JSON",
    disabled: false,
  });
  expect(endpoint).toMatchObject({ function_name: "greet", function_id: made._id });
  expect(await hear("/greet")).toEqual([200, '"hello"']);
  const renamed = await app.call("PUT", `/functions/${made._id}`, {
    name: "salute",
    source: "exports = () => 'salve';",
  });
  expect(renamed).toMatchObject({ status: 200, body: { name: "salute", run_as_system: true } });
  expect(await hear("/greet")).toEqual([200, '"salve"']);
  expect(await app.call("DELETE", `/functions/${(renamed.body as Part)._id}`)).toMatchObject({
    status: 400,
    body: { error: expect.stringContaining("http_endpoints/config.json") as string },
  });
  const changed = { ...endpoint, function_name: "salute", http_method: "*", return_type: "EJSON" };
  const put = await app.call("PUT", `/endpoints/${endpoint._id}`, changed);
  expect(put).toMatchObject({ status: 200, body: { http_method: "*", return_type: "EJSON" } });
  const { _id: id } = put.body as Part;
  expect(await app.call("GET", `/endpoints/${id}`)).toEqual({ status: 200, body: put.body });
  expect(await app.call("DELETE", `/endpoints/${id}`)).toEqual({ status: 200, body: {} });
  expect(await hear("/greet")).toEqual([404, '{"error":"no matching endpoint found"}']);
  const { _id: renamedId } = renamed.body as Part;
  expect((await app.call("DELETE", `/functions/${renamedId}`)).status).toBe(204);
  expect((await app.call("GET", "/functions")).body).toEqual([]);
});

test("a value is made, changed and deleted, and functions see it", async () => {
  await make("functions", { name: "show", source: "exports = () => context.values.get('v');" });
  const value = await make("values", { name: "v", value: { a: [1, "x"] } });
  const show = async (): Promise<unknown> =>
    (await app.call("POST", "/debug/execute_function?run_as_system=true", { name: "show" })).body;
  expect(await show()).toMatchObject({ result: { a: [{ $numberInt: "1" }, "x"] } });
  await app.call("PUT", `/values/${value._id}`, { name: "v", value: "y" });
  expect(await show()).toMatchObject({ result: "y" });
  expect((await app.call("DELETE", `/values/${value._id}`)).status).toBe(204);
  expect(await show()).toMatchObject({ result: { $undefined: true } });
});

test("a trigger is made, changed and deleted", async () => {
  await make("functions", { name: "f", source: "exports = () => 1;" });
  const trigger = await make("triggers", {
    name: "nightly",
    type: "SCHEDULED",
    config: { schedule: "0 3 * * *" },
    event_processors: { FUNCTION: { config: { function_name: "f" } } },
  });
  expect(trigger).toMatchObject({ disabled: false, runs: true, function_name: "f" });
  const path = `/triggers/${trigger._id}`;
  expect((await app.call("PUT", path, { ...trigger, disabled: true })).status).toBe(204);
  expect((await app.call("GET", "/triggers")).body).toMatchObject([
    { disabled: true, runs: false },
  ]);
  expect((await app.call("PUT", `${path}/resume`)).status).toBe(204);
  const wrong = { ...trigger, config: { schedule: "61 * * * *" } };
  expect(await app.call("PUT", path, wrong)).toMatchObject({
    status: 400,
    body: { error: expect.stringContaining("a minute of 0 to 59") as string },
  });
  expect(await app.call("DELETE", path)).toEqual({ status: 200, body: {} });
  expect((await app.call("PUT", `${path}/resume`)).status).toBe(404);
});

test("changes go into the draft that is open, and are live when that is deployed", async () => {
  const draft = (await app.call("POST", "/drafts")).body as Part;
  await make("functions", { name: "f", source: "exports = () => 1;", run_as_system: true });
  await make("endpoints", { route: "/f", http_method: "GET", function_name: "f" });
  expect(await hear("/f")).toEqual([404, '{"error":"no matching endpoint found"}']);
  expect((await app.call("POST", `/drafts/${draft._id}/deployment`)).status).toBe(201);
  expect(await hear("/f")).toEqual([200, "1"]);
});

const plain = { route: "/f", http_method: "GET", function_name: "f" };

test.for<[title: string, kind: string, body: object, status: number, words: string]>([
  ["a function that is there", "functions", { name: "f", source: "1" }, 409, "function exists"],
  ["a function without a source", "functions", { name: "g" }, 400, "'source'"],
  [
    "a source that is none",
    "functions",
    { name: "g", source: "exports = ;" },
    400,
    "can not be compiled",
  ],
  [
    "a module that is none",
    "functions",
    { name: "g", source: "import a from 'b';\nexport default (x: number) => {\n  return ;;)\n};" },
    400,
    "(line 3)",
  ],
  [
    "a function's name that is none",
    "functions",
    { name: "a b", source: "1" },
    400,
    "functions/config.json",
  ],
  [
    "a condition that is none",
    "functions",
    { name: "g", source: "1", can_evaluate: 1 },
    400,
    "can_evaluate",
  ],
  [
    "a condition with an unknown word",
    "functions",
    { name: "g", source: "1", can_evaluate: { "%what": 1 } },
    400,
    "can_evaluate",
  ],
  [
    "an endpoint whose function is not there",
    "endpoints",
    { ...plain, function_name: "g" },
    400,
    "the name of a function",
  ],
  [
    "an endpoint whose function's id is not there",
    "endpoints",
    { ...plain, function_name: "", function_id: "0".repeat(24) },
    404,
    "function not found",
  ],
  ["an endpoint without a slash", "endpoints", { ...plain, route: "f" }, 400, "begins with '/'"],
  [
    "an endpoint with an unknown method",
    "endpoints",
    { ...plain, http_method: "HEAD" },
    400,
    "http_method",
  ],
  [
    "an endpoint that needs a secret and names none",
    "endpoints",
    { ...plain, validation_method: "VERIFY_PAYLOAD" },
    400,
    "secret_name",
  ],
  [
    "a secret's id that is not there",
    "endpoints",
    { ...plain, validation_method: "VERIFY_PAYLOAD", secret_id: "0".repeat(24) },
    404,
    "secret not found",
  ],
  [
    "an endpoint that is there",
    "endpoints",
    { ...plain, route: "/there" },
    400,
    "no other endpoint",
  ],
  ["a value that is there", "values", { name: "v", value: 2 }, 409, "value exists"],
  ["a value's name that is none", "values", { name: "-", value: 2 }, 400, "values/-.json"],
  [
    "a value of a secret without a name",
    "values",
    { name: "w", value: 2, from_secret: true },
    400,
    "name of a secret",
  ],
  [
    "a trigger without a function",
    "triggers",
    { name: "t", type: "SCHEDULED", config: { schedule: "* * * * *" } },
    400,
    "the name of a function",
  ],
  [
    "a trigger without a schedule",
    "triggers",
    { name: "t", type: "SCHEDULED", function_name: "f" },
    400,
    "five fields",
  ],
])("%s is refused", async ([, kind, body, status, words]) => {
  await make("functions", { name: "f", source: "exports = () => 1;" });
  await make("endpoints", { ...plain, route: "/there" });
  await make("values", { name: "v", value: 1 });
  const answer = await app.call("POST", `/${kind}`, body);
  expect(answer).toMatchObject({
    status,
    body: {
      error: expect.stringContaining(words) as string,
      error_code: expect.any(String) as string,
    },
  });
});
