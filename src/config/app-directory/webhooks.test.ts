import { expect, test } from "vitest";
import {
  type Sample,
  sampleWith,
  toFiles,
  v20180301,
  v20210101,
} from "../../../test/support/app-samples.ts";
import type { AppConfig } from "../app-config.ts";
import { readAppDirectory, writeAppDirectory } from "../app-directory.ts";
import { formatProblem } from "../app-problem.ts";

/** As the original's exports have them. */
const webhook = {
  name: "find",
  run_as_authed_user: false,
  run_as_user_id: "",
  run_as_user_id_script_source: "",
  can_evaluate: {},
  options: { httpMethod: "GET", validationMethod: "NO_VALIDATION" },
  respond_result: true,
  disable_arg_logs: true,
  fetch_custom_user_data: false,
  create_user_on_auth: false,
};
const place = "services/shop/incoming_webhooks/find";
const source = "exports = ({ query }) => query;\n";

function withWebhook(config: unknown, base: Sample = v20210101): Sample {
  return sampleWith(base, {
    "services/shop/config.json": { name: "shop", type: "http", config: {}, version: 1 },
    [`${place}/config.json`]: config as object,
    [`${place}/source.js`]: source,
  });
}

function read(files: Sample): { readonly app: AppConfig; readonly told: readonly string[] } {
  const { app, problems, warnings } = readAppDirectory(toFiles(files));
  expect(problems.map(formatProblem)).toEqual([]);
  const told = warnings.map(formatProblem).filter((each) => each.includes("webhook"));
  return { app, told };
}

const endpoint = {
  route: "/shop/find",
  httpMethod: "GET",
  functionName: "shop/find",
  validationMethod: "NO_VALIDATION",
  respondResult: true,
  disabled: false,
};

test.for<[title: string, changes: object, endpoint: object, made: object]>([
  ["as it is", {}, endpoint, { runAs: { kind: "system" }, private: true, disableArgLogs: true }],
  [
    "any method",
    { options: { httpMethod: "ANY", validationMethod: "NO_VALIDATION" } },
    { ...endpoint, httpMethod: "*" },
    {},
  ],
  [
    "a secret that stands in the file",
    { options: { httpMethod: "POST", validationMethod: "VERIFY_PAYLOAD", secret: "4msMgdwB3Y" } },
    {
      ...endpoint,
      httpMethod: "POST",
      validationMethod: "VERIFY_PAYLOAD",
      secretName: "webhook_shop_find",
    },
    {},
  ],
  [
    "a secret that is named",
    { options: { validationMethod: "SECRET_AS_QUERY_PARAM", secret_name: "mine" } },
    {
      ...endpoint,
      httpMethod: "*",
      validationMethod: "SECRET_AS_QUERY_PARAM",
      secretName: "mine",
    },
    {},
  ],
  ["the caller", { run_as_authed_user: true }, endpoint, { runAs: { kind: "caller" } }],
  [
    "a user",
    { run_as_user_id: "5f0000000000000000000001" },
    endpoint,
    { runAs: { kind: "user", userId: "5f0000000000000000000001" } },
  ],
  [
    "a script",
    { run_as_user_id_script_source: "exports = () => 'x';" },
    endpoint,
    { runAs: { kind: "script", source: "exports = () => 'x';" } },
  ],
  ["no answer", { respond_result: false }, { ...endpoint, respondResult: false }, {}],
  ["a condition", { can_evaluate: false }, { ...endpoint, canEvaluate: false }, {}],
])("a webhook becomes an endpoint: %s", ([, changes, wanted, made]) => {
  const { app, told } = read(withWebhook({ ...webhook, ...changes }));
  expect(app.endpoints.at(-1)).toMatchObject(wanted);
  expect(app.functions.get("shop/find")).toMatchObject({ source, ...made });
  expect(app.httpServices).toEqual(["shop"]);
  expect(told).toEqual([
    "services/shop: its incoming webhooks are served as endpoints, each with a function of the same name: /shop/find",
  ]);
});

test.for<[title: string, changes: object, told: string]>([
  ["a name that is none", { name: "a b" }, "its name has more than letters"],
  ["a method that no endpoint has", { options: { httpMethod: "TRACE" } }, "no endpoint has its"],
  ["an unknown validation", { options: { validationMethod: "x" } }, "way of validation"],
  ["a condition that is no EJSON", { can_evaluate: { $oid: 1 } }, "can_evaluate can not be read"],
])("a webhook that can not be converted is kept: %s", ([, changes, words]) => {
  const { app, told } = read(withWebhook({ ...webhook, ...changes }));
  expect(app.endpoints.some(({ route }) => route.startsWith("/shop"))).toBe(false);
  expect(told).toEqual([expect.stringContaining(words)]);
});

test("a webhook whose function's name is taken is not converted", () => {
  const files = sampleWith(withWebhook(webhook), { "functions/shop/find.js": "exports = 1;" });
  const { app, told } = read(files);
  expect(app.functions.get("shop/find")?.source).toBe("exports = 1;");
  expect(told).toEqual([expect.stringContaining("there is another function")]);
});

test("webhooks in the folder of endpoints, and in a directory of before", () => {
  const moved = Object.entries(withWebhook(webhook)).map(
    ([path, content]) => [path.replace(/^services\//, "http_endpoints/"), content] as const,
  );
  expect(read(Object.fromEntries(moved)).app.endpoints.at(-1)).toMatchObject(endpoint);
  expect(read(withWebhook(webhook, v20180301)).app.endpoints.at(-1)).toMatchObject(endpoint);
});

test("what a webhook became is a part like any other once it is written", () => {
  const { app } = read(withWebhook(webhook));
  const written = writeAppDirectory(app);
  expect([...written.keys()].filter((path) => path.startsWith(place))).toEqual([]);
  expect(written.has("services/shop/config.json")).toBe(true);
  expect(Buffer.from(written.get("functions/shop/find.js") ?? []).toString()).toBe(source);
  const again = readAppDirectory(written);
  expect(again.app.endpoints.filter(({ route }) => route === "/shop/find").length).toBe(1);
  expect(again.app.functions.get("shop/find")?.private).toBe(true);
  expect(again.warnings.map(formatProblem).filter((each) => each.includes("webhook"))).toEqual([]);
});

test("the files of a webhook that holds its secret are kept when what it became is written", () => {
  const options = { httpMethod: "POST", validationMethod: "VERIFY_PAYLOAD", secret: "4msMgdwB3Y" };
  const written = writeAppDirectory(read(withWebhook({ ...webhook, options })).app);
  expect(written.has(`${place}/config.json`)).toBe(true);
});
