/** Functions run by an administrator, as the original's tool and console do it. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type AdminApp, adminApp } from "../support/deploy.ts";
import { startServer, type TestServer } from "../support/server.ts";

let server: TestServer;
let app: AdminApp;
let user = "";
beforeAll(async () => {
  server = await startServer();
  app = await adminApp(server);
  await app.push({
    "realm_config.json": { config_version: 20210101, name: "app", app_id: "data-tests" },
    "auth/providers.json": {
      "local-userpass": {
        name: "local-userpass",
        type: "local-userpass",
        config: { autoConfirm: true, resetPasswordUrl: "https://app.example/reset" },
        disabled: false,
      },
    },
    "functions/config.json": [{ name: "private", private: true }],
    "functions/private.js": "exports = () => 'private';",
    "functions/echo.js": "exports = (...args) => args;",
    "functions/who.js":
      "exports = () => ({ system: context.runningAsSystem(), type: context.user.type, id: context.user.id });",
    "functions/talk.js": "exports = () => { console.log('one'); console.log('two', { a: 1 }); };",
    "functions/fail.js":
      "exports = () => { console.log('before'); throw new Error('no such order'); };",
    "functions/nested/deep.js": "exports = () => context.functions.execute('echo', 1);",
  });
  const made = await app.call("POST", "/users", { email: "a@example.com", password: "secret1" });
  user = (made.body as { readonly _id: string })._id;
});
afterAll(async () => {
  await server.close();
});

const system = "?run_as_system=true";
const time = expect.stringMatching(/^\d+(?:\.\d+)?ms$/) as string;
const stats = { execution_time: time };

test.for<[title: string, body: object, status: number, answer: object]>([
  [
    "the arguments of the original's tool",
    { name: "echo", arguments: [1, 2.5, "x", { a: [true] }] },
    200,
    {
      result: [{ $numberInt: "1" }, { $numberDouble: "2.5" }, "x", { a: [true] }],
      stats,
    },
  ],
  ["no arguments", { name: "echo" }, 200, { result: [], stats }],
  [
    "nothing returned",
    { name: "talk" },
    200,
    { result: { $undefined: true }, logs: ["one", expect.stringContaining("two")], stats },
  ],
  ["a private function", { name: "private" }, 200, { result: "private", stats }],
  ["a nested name", { name: "nested/deep" }, 200, { result: [{ $numberInt: "1" }], stats }],
  [
    "one that throws is no success",
    { name: "fail" },
    400,
    { error: "no such order", error_code: "FunctionExecutionError", logs: ["before"], stats },
  ],
  [
    "one that is not there",
    { name: "constructor" },
    404,
    { error: "function not found: 'constructor'", error_code: "FunctionNotFound" },
  ],
  [
    "no name",
    {},
    400,
    { error: expect.stringContaining("name") as string, error_code: "BadRequest" },
  ],
])("function run: %s", async ([, body, status, answer]) => {
  expect(await app.call("POST", `/debug/execute_function${system}`, body)).toEqual({
    status,
    body: answer,
  });
});

async function runWho(query: string): Promise<unknown> {
  return app.call("POST", `/debug/execute_function${query}`, { name: "who" });
}

async function runSource(body: object): Promise<unknown> {
  return app.call("POST", `/debug/execute_function_source${system}`, body);
}

test("function run: as a user, as the system, and as nobody", async () => {
  expect(await runWho(system)).toMatchObject({
    body: { result: { system: true, type: "system" } },
  });
  expect(await runWho(`?user_id=${user}`)).toMatchObject({
    status: 200,
    body: { result: { system: false, type: "normal", id: user } },
  });
  expect(await runWho(`?user_id=${"0".repeat(24)}`)).toMatchObject({ status: 404 });
  for (const query of ["", `?user_id=${user}&run_as_system=true`])
    expect(await runWho(query)).toMatchObject({ status: 400 });
});

test("function run: a source that is no part of the app", async () => {
  expect(await runSource({ source: "exports = (a) => a + 1;", arguments: [1] })).toMatchObject({
    status: 200,
    body: { result: { $numberInt: "2" } },
  });
  expect(
    await runSource({ source: "exports = (a) => 2 * a;", eval_source: "exports(21)" }),
  ).toMatchObject({
    status: 200,
    body: { result: { $numberInt: "42" } },
  });
  expect(await runSource({ source: "exports = ;" })).toMatchObject({ status: 400 });
  expect(await runSource({})).toMatchObject({ status: 400 });
});
