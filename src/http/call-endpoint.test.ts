import { createHmac } from "node:crypto";
import { once } from "node:events";
import { request as sendRequest } from "node:http";
import { afterEach, expect, test } from "vitest";
import {
  type Deployed,
  endpointStage,
  type EndpointStage,
  type Fields,
  send,
  type Sent,
} from "../../test/support/endpoint-stage.ts";

let opened: EndpointStage | undefined;
afterEach(async () => {
  await opened?.close();
  opened = undefined;
});

async function open(deployed: Deployed): Promise<EndpointStage> {
  opened = await endpointStage(deployed);
  return opened;
}

const notFound = '{"error":"no matching endpoint found"}';

test.for<[title: string, endpoints: readonly Fields[], sent: Sent, status: number, route?: string]>(
  [
    ["a route", [{ route: "/a" }], { to: "/a" }, 200, "/a"],
    ["a nested one", [{ route: "/a" }, { route: "/a/b/c" }], { to: "/a/b/c" }, 200, "/a/b/c"],
    ["the root", [{ route: "/" }], { to: "" }, 200, "/"],
    ["a longer path than a route", [{ route: "/a" }], { to: "/a/b" }, 404],
    ["a slash at the end", [{ route: "/a" }], { to: "/a/" }, 200, "/a"],
    ["one in the configuration", [{ route: "/a/" }], { to: "/a" }, 200, "/a/"],
    ["another case", [{ route: "/a" }], { to: "/A" }, 404],
    ["what is escaped", [{ route: "/a b".replace(" ", "%20") }], { to: "/a%20b" }, 200, "/a%20b"],
    ["what need not be escaped", [{ route: "/a-b" }], { to: "/%61-b" }, 200, "/a-b"],
    ["an escaped slash", [{ route: "/a/b" }], { to: "/a%2Fb" }, 404],
    ["an escaped NUL", [{ route: "/a/b" }], { to: "/a%00b" }, 404],
    ["a name that every object has", [{ route: "/a" }], { to: "/constructor" }, 404],
    ["a disabled endpoint", [{ route: "/a", disabled: true }], { to: "/a" }, 404],
    ["its own method", [{ route: "/a", http_method: "PUT" }], { to: "/a", method: "PUT" }, 200],
    ["another method", [{ route: "/a", http_method: "PUT" }], { to: "/a" }, 404],
    ["any method", [{ route: "/a" }], { to: "/a", method: "PROPFIND" }, 200],
    [
      "HEAD where there is GET",
      [{ route: "/a", http_method: "GET" }],
      { to: "/a", method: "HEAD" },
      200,
    ],
    [
      "HEAD where there is none",
      [{ route: "/a", http_method: "POST" }],
      { to: "/a", method: "HEAD" },
      404,
    ],
    ["a user's route beside the Data API", [{ route: "/data/x" }], { to: "/data/x" }, 200],
    [
      "a user's route where the Data API is",
      [{ route: "/data/v1/action/find" }],
      { to: "/data/v1/action/find", method: "GET" },
      404,
    ],
    [
      "an old webhook",
      [{ route: "/shop/paid" }],
      { to: "/api/client/v2.0/app/data-tests/service/shop/incoming_webhook/paid" },
      200,
      "/shop/paid",
    ],
  ],
)("endpoint: %s", async ([, endpoints, sent, status, route]) => {
  const there = await open({ endpoints, value: 1 });
  const answer = await send(there, sent);
  const body = sent.method === "HEAD" ? "" : status === 404 ? notFound : "1";
  expect([answer.status, answer.body]).toEqual([status, body]);
  const routes = there.called.map(({ scope }) => scope.request?.webhookUrl);
  expect(routes).toEqual(status === 404 ? [] : [route ?? endpoints[0]?.["route"]]);
});

test("endpoint: a method of its own stands before any method", async () => {
  const endpoints = [
    { http_method: "*", return_type: "EJSON" },
    { http_method: "GET", return_type: "JSON" },
  ];
  const there = await open({ endpoints, value: 1 });
  expect((await send(there, { method: "GET" })).body).toBe("1");
  expect((await send(there, { method: "HEAD" })).headers["content-length"]).toBe("1");
  expect((await send(there, { method: "PUT" })).body).toBe('{"$numberInt":"1"}');
});

test.for<[title: string, endpoints: readonly Fields[], headers: Sent["headers"], answer: unknown]>([
  [
    "of a browser",
    [{ http_method: "GET" }, { http_method: "PUT" }],
    { Origin: "https://good.example", "Access-Control-Request-Method": "PUT" },
    {
      status: 204,
      headers: {
        "access-control-allow-methods": "GET, HEAD, PUT, OPTIONS",
        "access-control-allow-origin": "https://good.example",
      },
    },
  ],
  [
    "of a browser, of any method",
    [{ http_method: "*" }],
    { Origin: "https://good.example", "Access-Control-Request-Method": "PUT" },
    {
      status: 204,
      headers: {
        "access-control-allow-methods": "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS",
      },
    },
  ],
  [
    "from a foreign page",
    [{}],
    { Origin: "https://bad.example", "Access-Control-Request-Method": "PUT" },
    { status: 403 },
  ],
  [
    "of somebody else",
    [{ http_method: "GET" }],
    {},
    { status: 204, headers: { allow: "GET, HEAD, OPTIONS" } },
  ],
  ["that an endpoint takes", [{ http_method: "*" }], {}, { status: 200, body: "1" }],
  ["of a route that is not there", [{ route: "/x" }], {}, { status: 404, body: notFound }],
])("endpoint: OPTIONS %s", async ([, endpoints, headers = {}, answer]) => {
  const there = await open({ endpoints, value: 1 });
  expect(await send(there, { method: "OPTIONS", headers })).toMatchObject(answer as object);
});

test("request: a function sees query, headers and body as they came", async () => {
  const there = await open({ value: 1 });
  const body = Buffer.from([0, 255, 10, 13]);
  const headers = { "X-CustomHeader": "a", "content-type": "application/octet-stream" };
  await send(there, {
    to: "/r?regions=na,eu&a=1&a=2&b+c=%41+%zz&=x&flag&d=%E2%82%AC",
    headers,
    body,
  });
  const [call] = there.called;
  expect([...(call?.endpoint?.query ?? [])]).toEqual([
    ["regions", "na,eu"],
    ["a", "1"],
    ["b c", "%41 %zz"],
    ["", "x"],
    ["flag", ""],
    ["d", "€"],
  ]);
  const sent = call?.scope.request?.requestHeaders;
  expect(sent?.get("X-Customheader")).toEqual(["a"]);
  expect(sent?.get("Content-Type")).toEqual(["application/octet-stream"]);
  expect(Buffer.from(call?.endpoint?.body ?? []).equals(body)).toBe(true);
  expect(call?.scope.request).toMatchObject({
    httpMethod: "POST",
    rawQueryString: "regions=na,eu&a=1&a=2&b+c=%41+%zz&=x&flag&d=%E2%82%AC",
    remoteIPAddress: "127.0.0.1",
    webhookUrl: "/r",
  });
  await send(there, { method: "GET" });
  expect(there.called[1]?.endpoint?.body).toBeUndefined();
});

const secret = "Super5ecr3tPa55w0rd";
const sign = (body: string | Buffer, key = secret): string =>
  `sha256=${createHmac("sha256", key).update(body).digest("hex")}`;
const big = Buffer.alloc(3 * 2 ** 20 + 7, "x");

test.for<
  [title: string, method: string, sent: Sent, isLet: boolean, secrets?: Deployed["secrets"]]
>([
  ["the secret", "SECRET_AS_QUERY_PARAM", { to: `/r?secret=${secret}` }, true],
  ["an escaped secret", "SECRET_AS_QUERY_PARAM", { to: "/r?secret=a%26b%2B" }, true, { s: "a&b+" }],
  ["no secret", "SECRET_AS_QUERY_PARAM", {}, false],
  ["another secret", "SECRET_AS_QUERY_PARAM", { to: "/r?secret=x" }, false],
  ["a longer one", "SECRET_AS_QUERY_PARAM", { to: `/r?secret=${secret}x` }, false],
  ["a second one", "SECRET_AS_QUERY_PARAM", { to: `/r?secret=x&secret=${secret}` }, false],
  ["a secret that is not set", "SECRET_AS_QUERY_PARAM", { to: "/r?secret=undefined" }, false, {}],
  ["nothing for one not set", "SECRET_AS_QUERY_PARAM", { to: "/r?secret=" }, false, {}],
  ["a header instead", "SECRET_AS_QUERY_PARAM", { headers: { secret } }, false],
  [
    "the signature of the documentation",
    "VERIFY_PAYLOAD",
    {
      body: '{ "message": "Hello!" }',
      headers: {
        "Endpoint-Signature":
          "sha256=d4f0537db4e230d7a6028a6f7c3bb1b57c9d16f39176d78697e559ac333e0b36",
      },
    },
    true,
  ],
  [
    "that of its webhooks",
    "VERIFY_PAYLOAD",
    {
      body: '{"message":"MESSAGE"}',
      headers: {
        "X-Hook-Signature":
          "sha256=828ee180512eaf8a6229eda7eea72323f68e9c0f0093b11a578b0544c5777862",
      },
    },
    true,
    { s: "12345" },
  ],
  [
    "one in capitals",
    "VERIFY_PAYLOAD",
    {
      body: "{}",
      headers: { "Endpoint-Signature": sign("{}").toUpperCase().replace("SHA", "sha") },
    },
    true,
  ],
  [
    "one of a long body",
    "VERIFY_PAYLOAD",
    { body: big, headers: { "Endpoint-Signature": sign(big) } },
    true,
  ],
  ["one of no body", "VERIFY_PAYLOAD", { headers: { "Endpoint-Signature": sign("") } }, true],
  [
    "one of other bytes",
    "VERIFY_PAYLOAD",
    { body: "{ }", headers: { "Endpoint-Signature": sign("{}") } },
    false,
  ],
  [
    "one with another secret",
    "VERIFY_PAYLOAD",
    { body: "{}", headers: { "Endpoint-Signature": sign("{}", "x") } },
    false,
  ],
  ["none", "VERIFY_PAYLOAD", { body: "{}" }, false],
  [
    "one without its name",
    "VERIFY_PAYLOAD",
    { body: "{}", headers: { "Endpoint-Signature": sign("{}").slice(7) } },
    false,
  ],
  [
    "a secret that is not set, for a signature",
    "VERIFY_PAYLOAD",
    { body: "{}", headers: { "Endpoint-Signature": sign("{}", "undefined") } },
    false,
    {},
  ],
])("authorization: %s", async ([, method, sent, isLet, secrets = { s: secret }]) => {
  const endpoints = [{ validation_method: method, secret_name: "s" }];
  const there = await open({ endpoints, secrets, value: 1 });
  const answer = await send(there, sent);
  const refusal = {
    error: "the request is not authorized",
    error_code: "IncomingWebhookAuthFailed",
    link: expect.any(String),
  };
  expect([answer.status, JSON.parse(answer.body)]).toEqual(isLet ? [200, 1] : [401, refusal]);
  expect(there.called).toHaveLength(isLet ? 1 : 0);
  expect(answer.body + JSON.stringify(there.logged)).not.toContain(secret);
});

test("authorization: a function does not see the secret", async () => {
  const endpoints = [{ validation_method: "SECRET_AS_QUERY_PARAM", secret_name: "s" }];
  const there = await open({ endpoints, secrets: { s: secret }, value: 1 });
  await send(there, { to: `/r?a=1&secret=${secret}&s%65cret=2&b` });
  expect(there.called[0]?.scope.request?.rawQueryString).toBe("a=1&b");
  expect([...(there.called[0]?.endpoint?.query.keys() ?? [])]).toEqual(["a", "b"]);
});

test("authentication: credentials are asked for unless the function runs as the system", async () => {
  const there = await open({ function: { run_as_system: false }, value: 1 });
  expect(await send(there, {})).toMatchObject({
    status: 400,
    body: expect.stringContaining("no authentication methods were specified"),
  });
  expect((await send(there, { headers: { email: "a" } })).status).toBe(400);
  expect(there.called).toHaveLength(0);
  expect((await send(there, { headers: { apiKey: "k" } })).status).toBe(200);
  expect(there.called[0]?.scope.caller).toMatchObject({ type: "server", id: "u" });
});

test("a client that goes away ends what runs for it", async () => {
  let begun: (() => void) | undefined;
  let ended: ((reason: unknown) => void) | undefined;
  const [beginning, ending] = [
    new Promise<void>((resolve) => {
      begun = resolve;
    }),
    new Promise<unknown>((resolve) => {
      ended = resolve;
    }),
  ];
  const there = await open({
    async before({ scope: { signal } }) {
      begun?.();
      await once(signal, "abort");
      ended?.(signal.reason);
    },
  });
  const request = sendRequest(`${there.url}/app/data-tests/endpoint/r`, { agent: false });
  request.on("error", () => {});
  request.end();
  await beginning;
  request.destroy();
  expect(await ending).toMatchObject({ name: "ClientGone" });
});
