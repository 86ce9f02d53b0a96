/** What holds for every route of the admin API, whichever they are: the list is the server's own. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Admin, adminOf } from "../support/admin.ts";
import { send } from "../support/scenario.ts";
import { startServer, type TestServer } from "../support/server.ts";

interface Route {
  readonly method: string;
  /** With `{names}`. */
  readonly path: string;
}

type Paths = Readonly<Record<string, Readonly<Record<string, { readonly responses: object }>>>>;

/** Routes that only look, although their method could change something. */
const looks: ReadonlySet<string> = new Set([
  "POST …/data/{source}/databases/{database}/collections/{collection}/export",
  "POST …/data/{source}/databases/{database}/collections/{collection}/schema_check",
  "POST …/dependencies/diff",
  "POST …/rules/explain",
  "POST …/services/{serviceId}/commands/{commandName}",
  "POST …/users/verify_token",
]);
/** Routes by which one becomes an administrator, and what they say to nobody. */
const doors: ReadonlyMap<string, number> = new Map([
  ["GET /auth/providers", 200],
  ["POST /auth/providers/local-userpass/login", 400],
  ["POST /auth/providers/mongodb-cloud/login", 400],
  ["POST /auth/providers/one-time/login", 400],
  ["POST /auth/session", 401],
  ["DELETE /auth/session", 401],
]);

let server: TestServer;
let admin: Admin;
let reader: Admin;
let routes: readonly Route[] = [];
let paths: Paths = {};

beforeAll(async () => {
  server = await startServer();
  admin = await adminOf(server);
  const [email, password] = ["reader@example.com", "a password of some length"];
  await admin.must("POST", "/administrators", { email, password, role: "readOnly" });
  const login = { username: email, password };
  const session = await admin.must<{ readonly access_token: string }>(
    "POST",
    "/auth/providers/local-userpass/login",
    login,
  );
  reader = await adminOf(server, session.access_token);
  ({ paths } = await admin.must<{ readonly paths: Paths }>("GET", "/openapi.json"));
  routes = Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => ({ method: method.toUpperCase(), path })),
  );
});
afterAll(async () => server.close());

function nameOf({ method, path }: Route): string {
  return `${method} ${path.replace("/groups/{groupId}/apps/{appId}", "…")}`;
}

/** The place of a route, for something that is not there. @param group the server's, or another */
function placeOf({ path }: Route, group = admin.group): string {
  return path
    .replace("{groupId}", group)
    .replace("{appId}", admin.app)
    .replaceAll(/\{\w+\}/g, "000000000000000000000000");
}

const bodyOf = ({ method }: Route): object | undefined => (method === "GET" ? undefined : {});

describe("every route of the admin API", () => {
  test("there are as many as there are", () => {
    expect(routes.length).toBeGreaterThan(140);
    expect([...looks].filter((name) => !routes.some((each) => nameOf(each) === name))).toEqual([]);
  });

  test("has its answer described", () => {
    const undescribed = routes.filter(({ method, path }) => {
      const { responses } = paths[path]?.[method.toLowerCase()] ?? {};
      return responses === undefined || "2XX" in responses;
    });
    // A line in src/admin-api/answers.ts is missing for each.
    expect(undescribed.map(nameOf)).toEqual([]);
  });

  test("lets nobody in without a token, whatever is wrong with the request besides", async () => {
    const nobody = await adminOf(server, "nobody").catch(() => undefined);
    expect(nobody).toBeUndefined();
    const open: string[] = [];
    for (const route of routes) {
      const { method } = route;
      const to = `/api/admin/v3.0${placeOf(route)}`;
      const body = method === "GET" ? {} : { body: "{}" };
      const headers = {
        apiKey: undefined,
        Authorization: "Bearer nobody",
        ...(method !== "GET" && { "Content-Length": "2" }),
      };
      const answer = await send(server, { method, to, headers, ...body }, "");
      const wanted = doors.get(nameOf(route)) ?? 401;
      const isRefused =
        answer.status === wanted &&
        (wanted !== 401 || /"error_code":"(?:InvalidSession|AuthError)"/.test(answer.body));
      if (!isRefused) open.push(`${nameOf(route)}: ${answer.status} ${answer.body}`);
    }
    expect(open).toEqual([]);
  });

  test("that can change something is refused to who may only look", async () => {
    const changed: string[] = [];
    for (const route of routes) {
      const { method } = route;
      const name = nameOf(route);
      if (method === "GET" || looks.has(name) || doors.has(name)) continue;
      const { status, body } = await reader.call(method, placeOf(route), {});
      const { error } = body as { readonly error?: string };
      if (status !== 403 || error !== "you may only look")
        changed.push(`${name}: ${status} ${JSON.stringify(body)}`);
    }
    expect(changed).toEqual([]);
  });

  test("of the one group is not there in another", async () => {
    const found: string[] = [];
    for (const route of routes) {
      if (!route.path.includes("{groupId}")) continue;
      const { status, body } = await admin.call(
        route.method,
        placeOf(route, "0".repeat(24)),
        bodyOf(route),
      );
      if (status !== 404 || (body as { error?: string }).error !== "group not found")
        found.push(`${nameOf(route)}: ${status} ${JSON.stringify(body)}`);
    }
    expect(found).toEqual([]);
  });

  test("answers a failure with `error` and `error_code`, for what is not there", async () => {
    const strange: string[] = [];
    for (const route of routes) {
      // There are none in any language.
      if (route.path.endsWith("/sync/client_schemas/{language}")) continue;
      if (!/\{(?!groupId|appId)\w+\}/.test(route.path)) continue;
      const { status, body } = await admin.call(route.method, placeOf(route), bodyOf(route));
      const { error, error_code: code, ...others } = body as Readonly<Record<string, unknown>>;
      const isRight =
        status >= 400 &&
        status < 500 &&
        typeof error === "string" &&
        /^[A-Z]\w+$/.test(String(code)) &&
        Object.keys(others).length === 0;
      if (!isRight) strange.push(`${nameOf(route)}: ${status} ${JSON.stringify(body)}`);
    }
    expect(strange).toEqual([]);
  });
});
