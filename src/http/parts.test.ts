import type { IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import { actions } from "../actions/actions.ts";
import type { OutputFormat } from "../bson/stringify.ts";
import { readAcceptEncoding } from "./compression.ts";
import { preflightHeaders } from "./cors.ts";
import { createDeadlines, type Timed } from "./deadlines.ts";
import { createForwarding } from "./forwarding.ts";
import { isJsonType, readAccept } from "./negotiation.ts";
import { actionShapes } from "./openapi.ts";
import { readRoute, type Route } from "./route.ts";

const find: Route = { kind: "action", appId: "a", version: "v1", action: "find" };

const endpoint = (path: string | undefined): Route => ({ kind: "endpoint", appId: "a", path });

test.for<[target: string, route: Route]>([
  ["/app/a/endpoint/data/v1/action/find", find],
  ["/app/a/endpoint/data/v1/action/find/", find],
  ["//app/a//endpoint/data/v1/action/find?x=/y#z", find],
  ["/app/a/endpoint/data/v1/action/f%69nd", find],
  ["http://host:1/app/a/endpoint/data/v1/action/find", find],
  ["/app/a/endpoint/data/v1/action/find/x", endpoint("/data/v1/action/find/x")],
  ["/app/a/endpoint/data/v1/action", endpoint("/data/v1/action")],
  ["/app/a/endpoint/data/v2/action/find", endpoint("/data/v2/action/find")],
  ["/app/a/endpoint/hello", endpoint("/hello")],
  ["/app/a/endpoint/hello//world/?x=/y", endpoint("/hello/world")],
  ["/app/a/endpoint/hello/w%6Frld%20x", endpoint("/hello/world%20x")],
  ["/app/a/endpoint/a%2Fb", endpoint("/a%2Fb")],
  ["/app/a/endpoint/a%252Fb", endpoint("/a%252Fb")],
  ["/app/a/endpoint/%E0%A4", endpoint("/%25E0%25A4")],
  ["/app/a/endpoint", endpoint("/")],
  ["/app/a/x", endpoint(undefined)],
  ["/app/%E0%A4/x", { kind: "endpoint", appId: "%E0%A4", path: undefined }],
  ["/api/client/v2.0/app/a/service/shop/incoming_webhook/paid?secret=x", endpoint("/shop/paid")],
  ["/api/client/v2.0/app/a/service/shop/incoming_webhook", { kind: "management" }],
  ["/api/client/v2.0/app/a/auth/providers/anon-user/login", { kind: "management" }],
  ["/app/a/endpoint/data/v1/openapi.json", { kind: "openapi", appId: "a", version: "v1" }],
  ["/app", { kind: "management" }],
  ["/healthz", { kind: "health" }],
  ["/healthz/x", { kind: "management" }],
  ["/readyz", { kind: "ready" }],
  ["/", { kind: "management" }],
  ["*", { kind: "management" }],
])("route: %s", ([target, route]) => {
  expect(readRoute(target)).toEqual(route);
});

test.for<[accept: string | undefined, format: OutputFormat]>([
  [undefined, "json"],
  ["*/*", "json"],
  ["application/*", "json"],
  ["application/json", "json"],
  ["application/ejson", "canonical"],
  ["Application/EJSON; charset=utf-8", "canonical"],
  ["application/json, text/plain, */*", "json"],
  ["text/html, application/ejson;q=0.9", "canonical"],
  ["application/ejson;q=0.1, application/json;q=0.2", "json"],
  ["application/ejson;q=0", "json"],
  ["application/ejson;q=x", "json"],
])("negotiation: Accept %s", ([accept, format]) => {
  expect(readAccept(accept, "json")).toBe(format);
});

test("negotiation: an Accept that leaves it open means the app's own format", () => {
  expect(readAccept("*/*", "canonical")).toBe("canonical");
  expect(readAccept("application/json", "canonical")).toBe("json");
});

test.for<[contentType: string | undefined, isJson: boolean]>([
  [undefined, false],
  ["", false],
  ["application/json", true],
  ["APPLICATION/EJSON;charset=utf-8", true],
  ["application/jsonp", false],
  ["text/plain", false],
])("negotiation: Content-Type %s", ([contentType, isJson]) => {
  expect(isJsonType(contentType)).toBe(isJson);
});

test.for<[header: string | undefined, coding: string | undefined]>([
  [undefined, undefined],
  ["", undefined],
  ["identity", undefined],
  ["deflate", undefined],
  ["gzip", "gzip"],
  ["gzip, deflate, br", "gzip"],
  ["br, gzip", "gzip"],
  ["br;q=1, gzip;q=0.5", "br"],
  ["gzip;q=0", undefined],
])("compression: Accept-Encoding %s", ([header, coding]) => {
  expect(readAcceptEncoding(header)).toBe(coding);
});

test("cors: a preflight can not smuggle headers into the answer", () => {
  const headers = { "access-control-request-headers": "x-a, b\r\nSet-Cookie: c, apiKey" };
  const answered = preflightHeaders(headers, "POST", { allowsCredentialHeaders: false });
  expect(answered).toContain("x-a");
  const allowed = preflightHeaders(headers, "POST", { allowsCredentialHeaders: true });
  expect(allowed).toContain("x-a, apiKey");
});

function requestOf(
  remoteAddress: string,
  headers: Readonly<Record<string, string>>,
): IncomingMessage {
  return { headers: { host: "inner:1", ...headers }, socket: { remoteAddress } } as never;
}

test.for<
  [
    title: string,
    remote: string,
    headers: Readonly<Record<string, string>>,
    address: string,
    url: string,
  ]
>([
  ["no proxy", "9.9.9.9", {}, "9.9.9.9", "http://inner:1"],
  [
    "headers of a stranger",
    "9.9.9.9",
    { "x-forwarded-for": "1.1.1.1", "x-forwarded-proto": "https", "x-forwarded-host": "evil" },
    "9.9.9.9",
    "http://inner:1",
  ],
  [
    "headers of a proxy",
    "::ffff:10.0.0.1",
    {
      "x-forwarded-for": "1.1.1.1",
      "x-forwarded-proto": "https",
      "x-forwarded-host": "api.example",
    },
    "1.1.1.1",
    "https://api.example",
  ],
  [
    "what a client wrote itself before the proxy did",
    "10.0.0.1",
    { "x-forwarded-for": "6.6.6.6, 1.1.1.1, 10.0.0.2" },
    "1.1.1.1",
    "http://inner:1",
  ],
  ["rubbish of a proxy", "fd00::1", { "x-forwarded-for": "nix" }, "fd00::1", "http://inner:1"],
  ["a host that would break a link", "9.9.9.9", { host: "a/b?c" }, "9.9.9.9", "http://localhost"],
])("forwarding: %s", ([, remote, headers, address, url]) => {
  const trustProxy = ["10.0.0.0/8", "fd00::/8"];
  const forwarding = createForwarding({ trustProxy, publicUrl: undefined });
  const request = requestOf(remote, headers);
  expect([forwarding.clientAddress(request), forwarding.baseUrl(request)]).toEqual([address, url]);
});

test.for(["10.0.0.0/33", "10.0.0/8", "x", "10.0.0.0/8/8", "10.0.0.0/-1", "::1/129"])(
  "forwarding: %s is no address range",
  (range) => {
    expect(() => createForwarding({ trustProxy: [range], publicUrl: undefined })).toThrow(range);
  },
);

test("deadlines: what is late ends, whichever came first; what was deleted does not", async () => {
  const ended: string[] = [];
  const deadlines = createDeadlines<Timed & { readonly name: string }>(10, ({ name }) =>
    ended.push(name),
  );
  const add = (name: string, ms: number): Timed & { readonly name: string } => {
    const work = { name, endsAt: performance.now() + ms, deadline: undefined };
    deadlines.add(work);
    return work;
  };
  add("early, with more time", 60_000);
  const done = add("done", 10);
  deadlines.delete(done);
  // Takes the place of the one that is done, which is deleted once more.
  add("late", 10);
  deadlines.delete(done);
  await expect.poll(() => ended).toEqual(["late"]);
  deadlines.close();
});

test("openapi: describes the actions that there are", () => {
  expect([...actionShapes.keys()].toSorted()).toEqual([...actions.keys()].toSorted());
  for (const [name, shape] of actionShapes) expect(shape.status).toBe(actions.get(name)?.status);
});
