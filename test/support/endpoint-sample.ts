import type { Sample } from "./app-samples.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Name → settings of the endpoint, settings of the function, source. The route is the name. */
const endpoints: Readonly<
  Record<string, readonly [endpoint: Fields, made: Fields, source: string]>
> = {
  // The example of the original's documentation, in its structure.
  save: [
    { http_method: "POST" },
    { run_as_system: true },
    `exports = async function (request, response) {
        try {
          if (request.body === undefined) throw new Error("Request body was not defined.");
          const requestBody = JSON.parse(request.body.text());
          const saved = context.services.get("mongodb-atlas").db("DATABASE").collection("saved");
          const { insertedId } = await saved.insertOne({ date: new Date(), requestBody });
          response.setStatusCode(201);
          response.setBody(JSON.stringify({ insertedId, message: "Successfully saved the request body" }));
        } catch (error) {
          response.setStatusCode(400);
          response.setBody(error.message);
        }
      };`,
  ],
  echo: [
    {},
    { run_as_system: true },
    `exports = ({ query, headers, body }, response) => ({
        query,
        custom: headers["X-Custom"],
        anyCase: headers["x-custom"],
        names: Object.keys(headers).filter((name) => name.startsWith("X-")),
        text: body?.text(),
        method: context.request.httpMethod,
        raw: context.request.rawQueryString,
        url: context.request.webhookUrl,
      });`,
  ],
  key: [
    {},
    {},
    `exports = () => ({ type: context.user.type, name: context.user.data.name, system: context.runningAsSystem() });`,
  ],
  throws: [{}, { run_as_system: true }, `exports = () => { throw new Error("no such order"); };`],
  twice: [
    {},
    { run_as_system: true },
    `exports = (request, response) => {
        response.setHeader("X-A", "0");
        response.setHeader("x-a", "1");
        response.addHeader("X-A", "2");
        response.addHeader("Set-Cookie", "a=1");
        response.addHeader("Set-Cookie", "b=2");
        response.setBody("first");
        response.setBody(BSON.Binary.fromText ? "second" : "second");
      };`,
  ],
  bytes: [
    {},
    { run_as_system: true },
    `exports = ({ body }, response) => {
        response.setHeader("Content-Type", "application/octet-stream");
        response.setBody(body);
      };`,
  ],
  typed: [
    { return_type: "EJSON" },
    { run_as_system: true },
    `exports = () => ({ n: 1, f: 1.5, at: new Date(0), id: BSON.ObjectId("000000000000000000000001") });`,
  ],
  silent: [
    { respond_result: false },
    { run_as_system: true },
    `exports = (request, response) => { response.setBody("unseen"); return "unseen"; };`,
  ],
  bare: [{}, { run_as_system: true }, `exports = () => {};`],
  password: [
    { validation_method: "SECRET_AS_QUERY_PARAM", secret_name: "shared" },
    { run_as_system: true },
    `exports = ({ query }) => ({ query, raw: context.request.rawQueryString });`,
  ],
  signed: [
    { validation_method: "VERIFY_PAYLOAD", secret_name: "shared" },
    { run_as_system: true },
    `exports = ({ body }) => body.text();`,
  ],
  guarded: [
    { can_evaluate: { "%%request.requestHeaders.x-secret-key": "my-secret" } },
    { run_as_system: true },
    `exports = () => "let in";`,
  ],
  guardedFunction: [
    {},
    {
      run_as_system: true,
      can_evaluate: { "%%request.requestHeaders.x-secret-key": "my-secret" },
    },
    `exports = () => "let in";`,
  ],
  scripted: [
    {},
    { run_as_user_id_script_source: `exports = () => ({ runAsSystem: true });` },
    `exports = () => context.runningAsSystem();`,
  ],
  scriptedNobody: [
    {},
    { run_as_user_id_script_source: `exports = () => "5f0000000000000000000001";` },
    `exports = () => "never";`,
  ],
  nobody: [{}, { run_as_user_id: "5f0000000000000000000001" }, `exports = () => "never";`],
  private: [{}, { private: true, run_as_system: true }, `exports = () => "private";`],
  loop: [{}, { run_as_system: true }, `exports = () => { for (;;) {} };`],
};

/** An app with these endpoints. @param database that one of them writes to */
export function endpointSample(database: string): Sample {
  const names = Object.keys(endpoints);
  return {
    "realm_config.json": { config_version: 20210101, name: "app", app_id: "data-tests" },
    "data_sources/mongodb-atlas/config.json": {
      name: "mongodb-atlas",
      type: "mongodb-atlas",
      config: { clusterName: "C", readPreference: "primary", wireProtocolEnabled: false },
    },
    "auth/providers.json": { "api-key": { name: "api-key", type: "api-key", disabled: false } },
    "functions/config.json": names.map((name) => ({ name, ...endpoints[name]?.[1] })),
    ...Object.fromEntries(
      names.map((name) => [
        `functions/${name}.js`,
        (endpoints[name]?.[2] ?? "").replace("DATABASE", database),
      ]),
    ),
    "http_endpoints/config.json": names.map((name) => ({
      route: `/${name}`,
      http_method: "*",
      function_name: name,
      validation_method: "NO_VALIDATION",
      respond_result: true,
      fetch_custom_user_data: false,
      create_user_on_auth: false,
      disabled: false,
      ...endpoints[name]?.[0],
    })),
    // From before there were endpoints.
    "services/old/config.json": { name: "old", type: "http", config: {}, version: 1 },
    "services/old/incoming_webhooks/hook/config.json": {
      name: "hook",
      run_as_authed_user: false,
      options: { httpMethod: "POST", validationMethod: "NO_VALIDATION" },
      respond_result: true,
    },
    "services/old/incoming_webhooks/hook/source.js":
      "exports = (payload, response) => ({ got: payload.body.text(), at: context.request.webhookUrl, get: typeof context.services.get('old').get });",
    "http_endpoints/data_api_config.json": {
      disabled: false,
      versions: ["v1"],
      return_type: "JSON",
    },
  };
}
