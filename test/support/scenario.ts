import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http";
import { request as sendRequest } from "node:http";
import { text } from "node:stream/consumers";
import { mustBeDescribed } from "./admin-described.ts";
import { isAsDescribed } from "./described.ts";
import type { TestServer } from "./server.ts";

/** One request and what has to come back. */
export interface Scenario {
  readonly method?: string;
  /** `findOne` for that action of version v1, or a whole path that begins with `/`. */
  readonly to: string;
  /**
   * Undefined takes a header away that is sent otherwise: the key and the content type. `KEY` and `TOKEN` stand for the
   * server's API key and its administrator's token.
   */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Text goes as it is; an object gets data source, database and collection before its own fields. */
  readonly body?: string | Buffer | Readonly<Record<string, unknown>>;
  /** Requests that have to succeed before, on the same collection. */
  readonly given?: readonly (readonly [
    action: string,
    fields: Readonly<Record<string, unknown>>,
  ])[];
  readonly status: number;
  /** The whole body; `*` stands for 24 hex digits, `HOST` for the server's address. */
  readonly answer?: string;
  readonly contains?: readonly string[];
  /** What must not appear in the body. */
  readonly hides?: readonly string[];
  /** Undefined: must not be there. */
  readonly answerHeaders?: Readonly<Record<string, string | undefined>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What a scenario wants, beside what came: a test expects both to be equal. */
export interface Verdict {
  readonly actual: Facts;
  readonly wanted: Facts;
}

interface Facts {
  readonly status: number;
  readonly answer: string;
  /** Parts that had to be there and are not. */
  readonly missing: readonly string[];
  /** Parts that must not be there and are. */
  readonly leaked: readonly string[];
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Whether a failure is a JSON object with a text in `error`. */
  readonly isReadable: boolean;
  /** Whether it is what the app's OpenAPI document says. */
  readonly isAsDescribed: boolean;
}

/** Plays a scenario in a collection of its own. @param collection a name that no other scenario has */
export async function play(
  server: TestServer,
  scenario: Scenario,
  collection: string,
): Promise<Verdict> {
  for (const [action, fields] of scenario.given ?? []) {
    const { status, body } = await send(server, { to: action, body: fields }, collection);
    if (status >= 300) throw new Error(`${action}: ${status} ${body}`);
  }
  const { status, headers, body } = await send(server, scenario, collection);
  await mustBeAsAdminDescribes(server, scenario, { status, headers, body });
  const answer = mask(body, server, scenario.answer);
  const wantedHeaders = scenario.answerHeaders ?? {};
  return {
    wanted: {
      status: scenario.status,
      answer: scenario.answer ?? answer,
      missing: [],
      leaked: [],
      headers: wantedHeaders,
      isReadable: true,
      isAsDescribed: true,
    },
    actual: {
      status,
      answer,
      missing: (scenario.contains ?? []).filter((part) => !body.includes(part)),
      leaked: (scenario.hides ?? []).filter((part) => body.includes(part)),
      headers: Object.fromEntries(Object.keys(wantedHeaders).map((name) => [name, headers[name]])),
      isReadable: status < 400 || scenario.method === "HEAD" || isReadable(headers, body),
      isAsDescribed:
        scenario.method !== undefined ||
        isAsDescribed(scenario.to, { status, type: headers["content-type"], body }),
    },
  };
}

const adminPrefix = "/api/admin/v3.0";

/** Of the admin API, whose description is its own. @throws where the answer is not as it says */
async function mustBeAsAdminDescribes(
  server: TestServer,
  { to, method = "POST" }: Scenario,
  { status, headers, body }: Answer,
): Promise<void> {
  if (!to.startsWith(`${adminPrefix}/`) || method === "HEAD") return;
  const type = headers["content-type"] ?? null;
  const read: unknown = type?.startsWith("application/json") === true ? JSON.parse(body) : body;
  const path = to.slice(adminPrefix.length);
  await mustBeDescribed(server, { method, path, status, type, body: read });
}

function isReadable(headers: IncomingHttpHeaders, body: string): boolean {
  const { error } = JSON.parse(body) as { readonly error: unknown };
  return typeof error === "string" && headers["content-type"] === "application/json";
}

/** Ids that the server made can not be foreseen. */
function mask(body: string, server: TestServer, wanted = ""): string {
  const masked = body.replaceAll(server.url, "HOST");
  return wanted.includes("*") ? masked.replace(/\b[0-9a-f]{24}\b/g, "*") : masked;
}

export async function send(
  server: TestServer,
  scenario: Pick<Scenario, "method" | "to" | "headers" | "body">,
  collection: string,
): Promise<Answer> {
  const { to, body } = scenario;
  const url = to.startsWith("/") ? `${server.url}${to}` : `${server.actions}/${to}`;
  const isFields = typeof body === "object" && !Buffer.isBuffer(body);
  const content = isFields
    ? JSON.stringify({
        dataSource: "mongodb-atlas",
        database: server.database,
        collection,
        ...body,
      })
    : body;
  const headers: OutgoingHttpHeaders = {};
  const wanted = {
    apiKey: server.apiKey,
    "Content-Type": "application/json",
    ...scenario.headers,
  };
  for (const [name, value] of Object.entries(wanted))
    if (value !== undefined)
      headers[name] = value.replace("KEY", server.apiKey).replace("TOKEN", server.adminToken);
  return new Promise((resolve, reject) => {
    const request = sendRequest(
      url,
      { method: scenario.method ?? "POST", headers, agent: false },
      (response) => {
        text(response).then((answered) => {
          const { statusCode = 0, headers: answeredHeaders } = response;
          resolve({ status: statusCode, headers: answeredHeaders, body: answered });
        }, reject);
      },
    );
    request.on("error", reject);
    request.end(content);
  });
}
