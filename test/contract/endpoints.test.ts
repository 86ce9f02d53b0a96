/** Custom endpoints whose functions run: what goes in, what comes out. */
import { createHmac } from "node:crypto";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { adminApp } from "../support/deploy.ts";
import { endpointSample } from "../support/endpoint-sample.ts";
import { play, type Scenario } from "../support/scenario.ts";
import { startServer, type TestServer } from "../support/server.ts";

const secret = "Super5ecr3tPa55w0rd";
const at = (route: string): string => `/app/data-tests/endpoint/${route}`;
const plain = { apiKey: undefined, "Content-Type": undefined };
const link = '"link":"HOST/console/logs?co_id=*"';
const signature = (body: string): string =>
  `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;

const rows: readonly (readonly [title: string, scenario: Scenario])[] = [
  [
    "the documentation's example saves what was sent",
    {
      to: at("save"),
      headers: plain,
      body: '{"type":"event","name":"New Year Begins"}',
      status: 201,
      answer: '{"insertedId":"*","message":"Successfully saved the request body"}',
    },
  ],
  ["the example with another method", { method: "PUT", to: at("save"), status: 404 }],
  [
    "a request as its function sees it",
    {
      method: "PATCH",
      to: at("echo?regions=na,eu&a=1&a=2"),
      headers: { ...plain, "x-custom": "v" },
      body: "text",
      status: 200,
      answer:
        '{"query":{"regions":"na,eu","a":"1"},"custom":["v"],"anyCase":["v"],"names":["X-Custom"],"text":"text","method":"PATCH","raw":"regions=na,eu&a=1&a=2","url":"/echo"}',
    },
  ],
  [
    "an old webhook's address",
    {
      to: "/api/client/v2.0/app/data-tests/service/svc/incoming_webhook/hook",
      headers: plain,
      status: 404,
      answer: '{"error":"no matching endpoint found"}',
    },
  ],
  [
    "an old webhook of an HTTP service",
    {
      to: "/api/client/v2.0/app/data-tests/service/old/incoming_webhook/hook",
      headers: plain,
      body: "x",
      status: 200,
      answer: '{"got":"x","at":"/old/hook","get":"function"}',
    },
  ],
  [
    "an old webhook as the endpoint that it became",
    {
      to: at("old/hook"),
      headers: plain,
      body: "y",
      status: 200,
      answer: '{"got":"y","at":"/old/hook","get":"function"}',
    },
  ],
  [
    "an API key is the user",
    {
      to: at("key"),
      headers: { "Content-Type": undefined },
      status: 200,
      answer: '{"type":"server","name":"PETIOLE_API_KEY","system":false}',
    },
  ],
  [
    "no credentials",
    {
      to: at("key"),
      headers: plain,
      status: 400,
      answer: `{"error":"no authentication methods were specified","error_code":"InvalidParameter",${link}}`,
    },
  ],
  [
    "a wrong key",
    {
      to: at("key"),
      headers: { apiKey: "x" },
      status: 401,
      answer: `{"error":"invalid session: error finding user for endpoint","error_code":"InvalidSession",${link}}`,
    },
  ],
  [
    "what a function throws",
    {
      to: at("throws"),
      headers: plain,
      status: 400,
      answer: `{"error":"no such order","error_code":"FunctionExecutionError",${link}}`,
    },
  ],
  [
    "headers and body that are set more than once",
    {
      to: at("twice"),
      headers: plain,
      status: 200,
      answer: "second",
      answerHeaders: { "x-a": "1, 2", "content-type": "text/plain; charset=utf-8" },
    },
  ],
  [
    "bytes there and back",
    {
      to: at("bytes"),
      headers: plain,
      body: Buffer.from("a\u0000\r\n€", "utf8"),
      status: 200,
      answer: "a\u0000\r\n€",
      answerHeaders: { "content-type": "application/octet-stream", "content-length": "7" },
    },
  ],
  [
    "EJSON where the endpoint says so",
    {
      to: at("typed"),
      headers: plain,
      status: 200,
      answer:
        '{"n":{"$numberInt":"1"},"f":{"$numberDouble":"1.5"},"at":{"$date":{"$numberLong":"0"}},"id":{"$oid":"000000000000000000000001"}}',
      answerHeaders: { "content-type": "application/ejson" },
    },
  ],
  [
    "JSON where the caller wants it",
    {
      to: at("typed"),
      headers: { ...plain, Accept: "application/json" },
      status: 200,
      answer: '{"n":1,"f":1.5,"at":"1970-01-01T00:00:00.000Z","id":"000000000000000000000001"}',
    },
  ],
  [
    "an endpoint that does not answer",
    {
      to: at("silent"),
      headers: plain,
      status: 204,
      answer: "",
      answerHeaders: { "content-type": undefined },
    },
  ],
  [
    "a function that returns nothing",
    { to: at("bare"), headers: plain, status: 200, answer: "null" },
  ],
  [
    "the secret is not for the function",
    {
      to: at(`password?a=1&secret=${secret}`),
      headers: plain,
      status: 200,
      answer: '{"query":{"a":"1"},"raw":"a=1"}',
      hides: [secret],
    },
  ],
  [
    "a wrong secret",
    {
      to: at("password?secret=x"),
      headers: plain,
      status: 401,
      answer: `{"error":"the request is not authorized","error_code":"IncomingWebhookAuthFailed",${link}}`,
    },
  ],
  [
    "a signature",
    {
      to: at("signed"),
      headers: { ...plain, "Endpoint-Signature": signature("{ }") },
      body: "{ }",
      status: 200,
      answer: '"{ }"',
    },
  ],
  [
    "a signature of other bytes",
    {
      to: at("signed"),
      headers: { ...plain, "Endpoint-Signature": signature("{}") },
      body: "{ }",
      status: 401,
    },
  ],
  ...["guarded", "guardedFunction"].flatMap((name): readonly (readonly [string, Scenario])[] => [
    [
      `a condition that holds (${name})`,
      {
        to: at(name),
        headers: { ...plain, "X-Secret-Key": "my-secret" },
        status: 200,
        answer: '"let in"',
      },
    ],
    [
      `a condition that does not, though nobody need log in (${name})`,
      {
        to: at(name),
        headers: { ...plain, "X-Secret-Key": "other" },
        status: 403,
        contains: ['"error_code":"NoMatchingRuleFound"'],
        hides: ["let in", "my-secret"],
      },
    ],
  ]),
  [
    "a script that lets it run as the system",
    { to: at("scripted"), headers: plain, status: 200, answer: "true" },
  ],
  [
    "a script that names nobody",
    { to: at("scriptedNobody"), headers: plain, status: 401, contains: ["InvalidSession"] },
  ],
  [
    "a user who is not there",
    { to: at("nobody"), headers: plain, status: 401, contains: ["InvalidSession"] },
  ],
  [
    "a private function behind an endpoint",
    { to: at("private"), headers: plain, status: 200, answer: '"private"' },
  ],
];

function describeEndpoints(subject: string, flags: () => Readonly<Record<string, unknown>>): void {
  describe(subject, () => {
    let server: TestServer;
    let count = 0;
    beforeAll(async () => {
      server = await startServer(flags());
      const app = await adminApp(server);
      await app.call("POST", "/secrets", { name: "shared", value: secret });
      await app.push(endpointSample(server.database));
    });
    afterAll(async () => {
      await server.close();
    });
    test.for<[title: string, body: string | undefined, answer: string]>([
      ["without a body", undefined, "Request body was not defined."],
      ["with a body that is no JSON", "{", "JSON"],
    ])("the documentation's example %s answers as it says", async ([, body, text]) => {
      const init = { method: "POST", ...(body !== undefined && { body }) };
      const answer = await fetch(`${server.url}${at("save")}`, init);
      expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining(text)]);
    });
    test.for(rows)("%s", async ([, scenario]) => {
      count += 1;
      const { actual, wanted } = await play(server, scenario, `c${count}`);
      expect(actual).toEqual(wanted);
    });
  });
}

describeEndpoints("endpoints on the embedded store", () => ({}));
const uri = inject("mongodUri");
describe.skipIf(uri === null)("with MongoDB", () => {
  describeEndpoints("endpoints on MongoDB", () => ({ source: `mongodb-atlas=${uri}` }));
});

test("an endpoint that never ends is answered when its time is up", async () => {
  const server = await startServer({ processingMsMax: 5000 });
  try {
    const app = await adminApp(server);
    await app.call("POST", "/secrets", { name: "shared", value: secret });
    await app.push(endpointSample(server.database));
    const answer = await fetch(`${server.url}${at("loop")}`);
    expect(answer.status).toBe(504);
    expect(await answer.json()).toMatchObject({ error_code: "ExecutionTimeLimitExceeded" });
    expect((await fetch(`${server.url}${at("bare")}`)).status).toBe(200);
  } finally {
    await server.close();
  }
});
