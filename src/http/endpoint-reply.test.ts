import { afterEach, expect, test } from "vitest";
import {
  type Deployed,
  endpointStage,
  type EndpointStage,
  send,
  type Sent,
} from "../../test/support/endpoint-stage.ts";
import { Doc } from "../bson/doc.ts";
import { Binary, DateTime } from "../bson/value.ts";
import type { EndpointResponse } from "../functions/function-call.ts";
import { Fault } from "../kit/fault.ts";

let opened: EndpointStage | undefined;
afterEach(async () => {
  await opened?.close();
  opened = undefined;
});

async function open(deployed: Deployed): Promise<EndpointStage> {
  opened = await endpointStage(deployed);
  return opened;
}

const doc = Doc.of({ n: 1, at: new DateTime(0n) });

interface Wanted {
  readonly status?: number;
  readonly headers?: object;
  readonly body?: unknown;
  /** Headers that must not be there. */
  readonly lacks?: readonly string[];
}

test.for<[title: string, deployed: Deployed, sent: Sent, answer: Wanted]>([
  [
    "what was returned, in JSON",
    { value: doc },
    {},
    { status: 200, body: '{"n":1,"at":"1970-01-01T00:00:00.000Z"}' },
  ],
  [
    "in EJSON, where the endpoint says so",
    { value: doc, endpoints: [{ return_type: "EJSON" }] },
    {},
    {
      body: '{"n":{"$numberInt":"1"},"at":{"$date":{"$numberLong":"0"}}}',
      headers: { "content-type": "application/ejson" },
    },
  ],
  [
    "in what Accept says",
    { value: [1, 2], endpoints: [{ return_type: "EJSON" }] },
    { headers: { Accept: "application/json" } },
    { body: "[1,2]", headers: { "content-type": "application/json" } },
  ],
  ["a text, in quotes", { value: 'a"b' }, {}, { body: '"a\\"b"' }],
  ["null", { value: null }, {}, { status: 200, body: "null" }],
  ["nothing, in JSON", { value: undefined }, {}, { status: 200, body: "null" }],
  [
    "nothing, in EJSON",
    { value: undefined, endpoints: [{ return_type: "EJSON" }] },
    {},
    { status: 200, body: '{"$undefined":true}' },
  ],
  [
    "bytes, as a value",
    { value: new Binary(0, Buffer.from("hi")) },
    {},
    { body: '{"Subtype":0,"Data":"aGk="}' },
  ],
  [
    "nothing, where it is not to answer",
    { value: doc, endpoints: [{ respond_result: false }] },
    {},
    { status: 204, body: "" },
  ],
  [
    "a status alone, where it is not to answer",
    {
      endpoints: [{ respond_result: false }],
      response: { status: 200, body: Buffer.from("x"), headers: [["X-A", "b"]] },
    },
    {},
    { status: 200, body: "", lacks: ["x-a"] },
  ],
  [
    "a status and a body that were set",
    { value: 1, response: { status: 418, body: Buffer.from("tea") } },
    {},
    {
      status: 418,
      body: "tea",
      headers: { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff" },
    },
  ],
  [
    "what was returned, where a status alone was set",
    { value: "Hello", response: { status: 201 } },
    {},
    { status: 201, body: '"Hello"', headers: { "content-type": "application/json" } },
  ],
  [
    "no body, where a status alone was set and nothing returned",
    { response: { status: 201 } },
    {},
    { status: 201, body: "" },
  ],
  [
    "a header alone",
    { value: 1, response: { headers: [["X-A", "b"]] } },
    {},
    { status: 200, body: "1", headers: { "x-a": "b" } },
  ],
  [
    "an empty body",
    { value: 1, response: { body: Buffer.alloc(0) } },
    {},
    { status: 200, body: "", headers: { "content-length": "0" } },
  ],
  [
    "no body with 204, whatever was set",
    { value: 1, response: { status: 204, body: Buffer.from("x") } },
    {},
    { status: 204, body: "", lacks: ["content-type", "content-length"] },
  ],
  [
    "no body with 304",
    { response: { status: 304, body: Buffer.from("x"), headers: [["ETag", '"a"']] } },
    {},
    { status: 304, body: "", headers: { etag: '"a"' } },
  ],
  [
    "a type that was set, in any case",
    { response: { body: Buffer.from("<p>"), headers: [["content-TYPE", "text/html"]] } },
    {},
    { headers: { "content-type": "text/html" } },
  ],
  [
    "a page that does not say so, as text",
    { response: { body: Buffer.from("<!doctype html><p>") } },
    {},
    { headers: { "content-type": "text/plain; charset=utf-8" } },
  ],
  [
    "a picture",
    { response: { body: Buffer.from("\x89PNG\r\n\x1a\n", "latin1") } },
    {},
    { headers: { "content-type": "image/png" } },
  ],
  [
    "bytes that are no text",
    { response: { body: Buffer.from([0, 255, 1]) } },
    {},
    { headers: { "content-type": "application/octet-stream" } },
  ],
  [
    "headers of the connection, left out",
    {
      value: 1,
      response: {
        headers: [
          ["Connection", "upgrade"],
          ["Transfer-Encoding", "chunked"],
          ["Content-Length", "7"],
          ["Upgrade", "x"],
        ],
      },
    },
    {},
    {
      status: 200,
      body: "1",
      headers: { "content-length": "1" },
      lacks: ["upgrade", "transfer-encoding"],
    },
  ],
  [
    "its own word about origins",
    { value: 1, response: { headers: [["Access-Control-Allow-Origin", "https://own.example"]] } },
    { headers: { Origin: "https://good.example" } },
    { headers: { "access-control-allow-origin": "https://own.example" } },
  ],
  [
    "a header's name that is none",
    { response: { headers: [["A B", "c"]] } },
    {},
    { status: 400, body: expect.stringContaining('"error_code":"FunctionExecutionError"') },
  ],
  [
    "a header that would begin another",
    { response: { headers: [["A", "b\r\nSet-Cookie: c"]] } },
    {},
    { status: 400, lacks: ["set-cookie"] },
  ],
  ["a status below 200", { response: { status: 101 } }, {}, { status: 400 }],
  ["a status above 599", { response: { status: 600 } }, {}, { status: 400 }],
  ["a status that is no whole number", { response: { status: 200.5 } }, {}, { status: 400 }],
  [
    "a function that throws",
    { fault: new Fault("FunctionExecutionError", "no such order") },
    {},
    {
      status: 400,
      body: expect.stringMatching(
        /^{"error":"no such order","error_code":"FunctionExecutionError","link":"https:\/\/api\.example\/console\/logs\?co_id=[0-9a-f]{24}"}$/,
      ),
    },
  ],
  [
    "one that ran out of time",
    { fault: new Fault("ExecutionTimeLimitExceeded", "execution time limit exceeded") },
    {},
    { status: 504 },
  ],
  [
    "more than may be answered",
    { value: "x".repeat(2000), limits: { responseBytesMax: 1000 } },
    {},
    { status: 400, body: expect.stringContaining("ReadSizeLimitExceeded") },
  ],
  [
    "a body larger than may be answered",
    { response: { body: Buffer.alloc(2000) }, limits: { responseBytesMax: 1000 } },
    {},
    { status: 400, body: expect.stringContaining("ReadSizeLimitExceeded") },
  ],
  [
    "a request that is too large",
    { value: 1, limits: { requestBytesMax: 10 } },
    { body: "x".repeat(11) },
    { status: 413, body: expect.stringContaining("RequestTooLarge") },
  ],
  [
    "one request more than may be at once",
    { value: 1, limits: { requestsAtOnceMax: 0 } },
    {},
    { status: 429, headers: { "retry-after": "1" } },
  ],
  [
    "a long text, compressed where that is wanted",
    { response: { body: Buffer.from("x".repeat(5000)) } },
    { headers: { "Accept-Encoding": "gzip" } },
    { headers: { "content-encoding": "gzip", vary: "Accept-Encoding" } },
  ],
  [
    "a long picture, as it is",
    { response: { body: Buffer.alloc(5000, 1), headers: [["Content-Type", "image/png"]] } },
    { headers: { "Accept-Encoding": "gzip" } },
    { headers: { "content-length": "5000" } },
  ],
])("answer: %s", async ([, deployed, sent, answer]) => {
  const { lacks = [], ...wanted } = answer;
  const found = await send(await open(deployed), sent);
  expect(found).toMatchObject(wanted);
  expect(Object.keys(found.headers).filter((name) => lacks.includes(name))).toEqual([]);
});

test("answer: a large value is printed elsewhere, and is whole", async () => {
  const value = ["x".repeat(3 * 2 ** 20), Doc.of({ a: 1 })];
  const { status, body } = await send(await open({ value }), {});
  expect([status, body === JSON.stringify(["x".repeat(3 * 2 ** 20), { a: 1 }])]).toEqual([
    200,
    true,
  ]);
});

test("answer: cookies stay apart, in their order", async () => {
  const headers: EndpointResponse["headers"] = [
    ["Set-Cookie", "a=1"],
    ["X-A", "b"],
    ["Set-Cookie", "c=2"],
    ["Cache-Control", "max-age=600"],
    ["Cache-Control", "min-fresh=60"],
  ];
  const answer = await send(await open({ response: { headers } }), {});
  expect(answer.headers["set-cookie"]).toEqual(["a=1", "c=2"]);
  expect(answer.headers["cache-control"]).toBe("max-age=600, min-fresh=60");
});
