import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type Deployed,
  type FunctionBench,
  openFunctionBench,
  wanted,
} from "../support/functions.ts";
import { type HttpTarget, openHttpTarget, sourcesOf } from "../support/http-target.ts";

const rows: readonly (readonly [title: string, body: string, outcome: string | RegExp])[] = [
  [
    "get gives status, headers and body",
    "const r = await context.http.get({ url: at('/echo?a=1') }); return [r.status, r.statusCode, r.headers['Content-Type'], JSON.parse(r.body.text()).url, r.contentLength === r.body.length()];",
    '["200 OK",{"$numberInt":"200"},["application/json"],"/echo?a=1",true]',
  ],
  [
    "a URL of parts",
    "const u = new URL(base); const r = await context.http.get({ scheme: 'http', host: u.host, path: '/echo', query: { id: ['1'], color: ['red', 'blue'] }, fragment: 'f' }); return JSON.parse(r.body.text()).url;",
    '"/echo?id=1&color=red&color=blue"',
  ],
  [
    "post sends a text",
    "const r = await context.http.post({ url: at('/echo'), body: 'hi', headers: { 'X-A': ['1', '2'] } }); const e = JSON.parse(r.body.text()); return [e.method, e.body, e.headers['x-a']];",
    '["POST","hi","1, 2"]',
  ],
  [
    "post sends an object as EJSON",
    "const r = await context.http.post({ url: at('/echo'), body: { n: 1 }, encodeBodyAsJSON: true }); const e = JSON.parse(r.body.text()); return [e.body, e.headers['content-type']];",
    '["{\\"n\\":{\\"$numberLong\\":\\"1\\"}}","application/json"]',
  ],
  [
    "post sends bytes",
    "const r = await context.http.post({ url: at('/echo'), body: BSON.Binary.fromHex('6869') }); return JSON.parse(r.body.text()).body;",
    '"hi"',
  ],
  [
    "put sends a form",
    "const r = await context.http.put({ url: at('/echo'), form: { a: 'x' } }); const e = JSON.parse(r.body.text()); return [e.body.includes('name=\"a\"'), e.headers['content-type'].split(';')[0]];",
    '[true,"multipart/form-data"]',
  ],
  [
    "patch, delete and head",
    "const out = []; for (const m of ['patch', 'delete', 'head']) out.push((await context.http[m]({ url: at('/echo'), ...(m === 'patch' ? { body: 'x' } : {}) })).headers['X-Method'][0]); return out;",
    '["PATCH","DELETE","HEAD"]',
  ],
  [
    "cookies go and come",
    "const r = await context.http.get({ url: at('/cookie'), cookies: { team: 'cubs' } }); return [r.body.text(), r.cookies.seen.value];",
    '["team=cubs","yes"]',
  ],
  [
    "basic authentication by fields",
    "const r = await context.http.get({ url: at('/echo'), username: 'u', password: 'p' }); return JSON.parse(r.body.text()).headers.authorization;",
    `"Basic ${Buffer.from("u:p").toString("base64")}"`,
  ],
  [
    "basic authentication in the URL",
    "const r = await context.http.get({ url: at('/echo').replace('//', '//u:p@') }); return JSON.parse(r.body.text()).headers.authorization;",
    `"Basic ${Buffer.from("u:p").toString("base64")}"`,
  ],
  [
    "digest authentication",
    "const r = await context.http.get({ url: at('/digest'), username: 'u', password: 'p', digestAuth: true }); return [r.statusCode, r.body.text()];",
    '[{"$numberInt":"200"},"welcome"]',
  ],
  [
    "digest authentication with a wrong password",
    "return (await context.http.get({ url: at('/digest'), username: 'u', password: 'x', digestAuth: true })).statusCode;",
    '{"$numberInt":"401"}',
  ],
  [
    "cookies of an authUrl",
    "return (await context.http.get({ url: at('/cookie'), authUrl: at('/cookie') })).body.text();",
    '"seen=yes"',
  ],
  [
    "redirects are given back",
    "return (await context.http.get({ url: at('/redirect') })).statusCode;",
    '{"$numberInt":"302"}',
  ],
  [
    "redirects are followed where wanted",
    "const r = await context.http.post({ url: at('/redirect'), body: 'x', followRedirects: true }); return JSON.parse(r.body.text()).method;",
    '"GET"',
  ],
  [
    "redirects without end",
    "await context.http.get({ url: at('/loop'), followRedirects: true });",
    /http request: stopped after 10 redirects/,
  ],
  [
    "an answer that is too big",
    "await context.http.get({ url: at('/endless') });",
    /the response has more than 16777216 bytes/,
  ],
  [
    "no argument",
    "await context.http.get();",
    "FunctionExecutionError: http request: argument must be an object",
  ],
  [
    "a username that is no text",
    "await context.http.get({ url: base, username: 5 });",
    'FunctionExecutionError: http request: "username" argument must be a string',
  ],
  [
    "no URL",
    "await context.http.get({});",
    'FunctionExecutionError: http request: "url" argument must be a string',
  ],
  [
    "a URL of another scheme",
    "await context.http.get({ url: 'file:///etc/passwd' });",
    'FunctionExecutionError: http request: "url" argument must be a URL of http or https',
  ],
  [
    "a header with a line feed",
    "await context.http.get({ url: base, headers: { a: ['b\\r\\nc: d'] } });",
    /"headers" argument must be an object of lists of strings/,
  ],
  [
    "a body that is an object",
    "await context.http.post({ url: base, body: { a: 1 } });",
    /"body" argument must be a string or a binary/,
  ],
  [
    "a name that leads nowhere",
    "await context.http.get({ url: 'http://nowhere.invalid/' });",
    /^FunctionExecutionError: http request: /,
  ],
  [
    "fetch within the function",
    "return (await (await fetch(at('/echo'))).json()).method;",
    '"GET"',
  ],
  [
    "node:http within the function",
    "return new Promise((resolve, reject) => require('http').get(at('/echo'), (r) => { r.resume(); resolve(r.statusCode); }).on('error', reject));",
    '{"$numberInt":"200"}',
  ],
];

let target: HttpTarget;
beforeAll(async () => {
  target = await openHttpTarget();
});
afterAll(() => {
  target.close();
});

describe("context.http", () => {
  let bench: FunctionBench;
  let deployed: Deployed;
  beforeAll(async () => {
    bench = await openFunctionBench({ allowedAddresses: ["127.0.0.1"] });
    deployed = bench.deploy(
      sourcesOf(
        rows.map(([, body]) => body),
        target.port,
      ),
    );
  });
  afterAll(async () => {
    await bench.close();
  });
  test.for(rows)("%s", async (row) => {
    expect(await deployed.show(`row${rows.indexOf(row)}`)).toEqual(wanted(row[2]));
  });
});
