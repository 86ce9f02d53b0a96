/**
 * The way of a request to an app, step by step: route, admit, authenticate, read, run, reply.
 *
 * Each step is a call into one folder; nothing is attached to the request; what is thrown on the way ends in the one
 * `catch` of `handle`. To add a kind of route: a case in `route.ts` and one in `answer`.
 *
 * @module
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Action, ActionContext } from "../actions/action.ts";
import { actions } from "../actions/actions.ts";
import { runAction, wordFailure } from "../actions/run-action.ts";
import type { ApiKeys } from "../auth/api-keys.ts";
import { authenticate } from "../auth/authenticate.ts";
import { readCredentials } from "../auth/credentials.ts";
import { parseEjson } from "../bson/parse-ejson.ts";
import type { ObjectId } from "../bson/value.ts";
import type { AppRegistry } from "../config/app-registry.ts";
import type { App } from "../config/app.ts";
import type { IsRefused } from "../config/internal-database.ts";
import { Fault } from "../kit/fault.ts";
import type { Limits } from "../kit/limits.ts";
import type { Log } from "../logs/log.ts";
import type { DataSource } from "../sources/source.ts";
import type { Admission } from "./admission.ts";
import { ClientGone, readBody } from "./body.ts";
import { mustAllowOrigin, preflightHeaders } from "./cors.ts";
import type { Deadlines } from "./deadlines.ts";
import { Exchange } from "./exchange.ts";
import type { Forwarding } from "./forwarding.ts";
import { heavyBytesMin, type HeavyText } from "./heavy-text.ts";
import { readOnceCall } from "./idempotency.ts";
import { isJsonType, readAccept } from "./negotiation.ts";
import { describeApi } from "./openapi.ts";
import { replyWithFailure, replyWithResult, send, sendEmpty } from "./reply.ts";
import { readRoute, type Route } from "./route.ts";

/** What requests are answered with; made once, by `server.ts`. */
export interface Services {
  readonly apps: AppRegistry;
  readonly keys: ApiKeys;
  /** By the name of the store that a data source leads to. */
  readonly stores: ReadonlyMap<string, DataSource>;
  readonly isRefused: IsRefused;
  readonly limits: Limits;
  /** Only the fields that the original's actions knew. */
  readonly isStrict: boolean;
  readonly corsCredentialHeaders: boolean;
  readonly logsRequests: boolean;
  readonly forwarding: Forwarding;
  readonly heavyText: HeavyText;
  readonly admission: Admission;
  readonly deadlines: Deadlines<Exchange>;
  readonly log: Log;
  readonly newId: () => ObjectId;
  /** Whether new requests are welcome: false from SIGTERM on. */
  readonly isReady: () => boolean;
  /** Whether the store of Petiole's own state can serve. */
  readonly isStateReady: () => Promise<boolean>;
  /** Answers what is not under `/app`. */
  readonly manage: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
}

/** Answers one request; never throws. */
export async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  services: Services,
): Promise<void> {
  const exchange = new Exchange(request, response);
  // Node adds `Connection: close` then, so that no client sends its next request into a closing server.
  if (!services.isReady()) response.shouldKeepAlive = false;
  try {
    mustNameHost(request);
    await answer(exchange, readRoute(request.url ?? "/"), services);
  } catch (cause) {
    if (!(cause instanceof ClientGone)) fail(exchange, cause, services);
  }
  if (services.logsRequests) logRequest(exchange, services);
}

/** Answers with a failure, if nobody has answered yet. */
export function fail(exchange: Exchange, cause: unknown, services: Services): void {
  const { log, newId, forwarding } = services;
  const baseUrl = forwarding.baseUrl(exchange.request);
  replyWithFailure(exchange, cause, { log, baseUrl, newLogId: () => newId().toHex() });
}

async function answer(exchange: Exchange, route: Route, services: Services): Promise<void> {
  switch (route.kind) {
    case "action":
      await callAction(exchange, route, services);
      return;
    case "openapi":
      answerOpenApi(exchange, route, services);
      return;
    case "endpoint":
      admit(exchange, route.appId, services);
      if (exchange.request.method === "OPTIONS") answerOptions(exchange, "*", services);
      else throw endpointNotFound();
      return;
    case "health":
      sendText(exchange, '{"status":"ok"}');
      return;
    case "ready":
      await answerReady(exchange, services);
      return;
    case "management":
      await services.manage(exchange.request, exchange.response);
  }
}

async function callAction(
  exchange: Exchange,
  route: Extract<Route, { kind: "action" }>,
  services: Services,
): Promise<void> {
  const { request } = exchange;
  const { admission, deadlines, limits } = services;
  const app = admit(exchange, route.appId, services);
  if (request.method === "OPTIONS") {
    answerOptions(exchange, "POST", services);
    return;
  }
  const action = mustFindAction(app, route, request.method);
  const user = authenticate(app.id, readCredentials(request.headers), services.keys);
  admission.enter(app.clientAppId);
  try {
    mustBeTyped(action, request);
    const bytes = await readBody(request, limits.requestBytesMax);
    watch(exchange, services);
    // Before the body is read, which may take its bytes away.
    const scope = { appId: app.id, userId: user.id };
    const once = readOnceCall(request.headers, action, scope, bytes);
    const body =
      bytes.length < heavyBytesMin ? parseEjson(bytes) : await services.heavyText.parse(bytes);
    const { stores, isRefused } = services;
    await run(exchange, { action, body, app, user, stores, isRefused, once }, services);
  } finally {
    deadlines.delete(exchange);
    admission.leave(app.clientAppId);
  }
}

/**
 * The request as its action sees it. A class, since its signal is made when somebody asks for it, and a getter in an
 * object literal would be a new hidden class per request.
 */
class CallContext implements ActionContext {
  readonly limits: Limits;
  readonly isStrict: boolean;
  readonly #exchange: Exchange;

  constructor(exchange: Exchange, limits: Limits, isStrict: boolean) {
    this.#exchange = exchange;
    this.limits = limits;
    this.isStrict = isStrict;
  }

  get signal(): AbortSignal {
    return this.#exchange.signal;
  }
}

async function run(
  exchange: Exchange,
  call: Parameters<typeof runAction>[0],
  services: Services,
): Promise<void> {
  const { limits, isStrict } = services;
  const context = new CallContext(exchange, limits, isStrict);
  try {
    const result = await runAction(call, context);
    await replyWithResult(exchange, result, {
      status: call.action.status,
      format: readAccept(exchange.request.headers.accept, formatOf(call.app)),
      bytesMax: limits.responseBytesMax,
      heavyText: services.heavyText,
    });
  } catch (cause) {
    throw wordFailure(call.action, cause);
  }
}

/** Ties the work to its time and to its client, from the end of the request's body on. */
function watch(exchange: Exchange, { deadlines, limits }: Services): void {
  deadlines.add(exchange);
  exchange.endsAt = performance.now() + limits.processingMsMax;
  exchange.response.on("close", () => {
    if (!exchange.isAnswered) exchange.abort(new ClientGone());
  });
}

/** What happens when the time of a request is up: its work is told to stop, its client hears of it at once. */
export function expire(exchange: Exchange, services: Services): void {
  exchange.abort(new DOMException("execution time limit exceeded", "TimeoutError"));
  fail(
    exchange,
    new Fault("ExecutionTimeLimitExceeded", "execution time limit exceeded"),
    services,
  );
}

/** Finds the app and checks the browser's origin. */
function admit(exchange: Exchange, appId: string, services: Services): App {
  const { request } = exchange;
  const { origin } = request.headers;
  if (origin !== undefined) exchange.allowedOrigin = "*";
  if (request.httpVersionMajor === 1 && request.httpVersionMinor === 0)
    throw new Fault("HTTPVersionNotSupported", "HTTP/1.1 or newer is required");
  const app = services.apps.find(appId);
  if (app === undefined)
    throw new Fault("AppNotFound", `cannot find app using Client App ID '${appId}'`);
  exchange.appId = app.clientAppId;
  if (origin !== undefined) {
    // An origin that is refused must not read why.
    exchange.allowedOrigin = undefined;
    exchange.allowedOrigin = mustAllowOrigin(origin, app.allowedOrigins);
  }
  return app;
}

function mustFindAction(
  app: App,
  route: Extract<Route, { kind: "action" }>,
  method: string | undefined,
): Action {
  const { disabled, versions } = app.dataApi;
  const action = actions.get(route.action);
  if (action === undefined || method !== "POST" || disabled || !versions.has(route.version))
    throw endpointNotFound();
  return action;
}

function endpointNotFound(): Fault {
  return new Fault("EndpointNotFound", "no matching endpoint found");
}

/** As the original: a write says what its body is, a read need not. */
function mustBeTyped(action: Action, request: IncomingMessage): void {
  if (action.verb === "find" || action.verb === "aggregate") return;
  if (isJsonType(request.headers["content-type"])) return;
  throw new Fault(
    "MissingParameter",
    "Header missing: please add content-type: application/json or application/ejson to specify payload data types",
  );
}

function mustNameHost(request: IncomingMessage): void {
  if (request.headers.host === undefined && request.httpVersionMinor === 1)
    throw new Fault("BadRequest", "the request lacks a Host header");
}

function formatOf(app: App): "canonical" | "json" {
  return app.dataApi.returnType === "EJSON" ? "canonical" : "json";
}

function answerOptions(exchange: Exchange, methods: string, services: Services): void {
  const { headers } = exchange.request;
  const asked = headers["access-control-request-method"];
  if (asked === undefined) {
    sendEmpty(exchange, 204, ["Allow", "OPTIONS, POST"]);
    return;
  }
  const answered = preflightHeaders(headers, methods, {
    allowsCredentialHeaders: services.corsCredentialHeaders,
  });
  sendEmpty(exchange, 204, answered);
}

function answerOpenApi(
  exchange: Exchange,
  route: Extract<Route, { kind: "openapi" }>,
  services: Services,
): void {
  const app = admit(exchange, route.appId, services);
  const { method } = exchange.request;
  if (method === "OPTIONS") {
    answerOptions(exchange, "GET", services);
    return;
  }
  const isServed = !app.dataApi.disabled && app.dataApi.versions.has(route.version);
  if (!isServed || (method !== "GET" && method !== "HEAD")) throw endpointNotFound();
  const baseUrl = services.forwarding.baseUrl(exchange.request);
  sendText(exchange, JSON.stringify(describeApi(app, route.version, baseUrl)));
}

async function answerReady(exchange: Exchange, services: Services): Promise<void> {
  if (!services.isReady()) throw new Fault("ServiceUnavailable", "the server is shutting down");
  const pings = await Promise.all([
    services.isStateReady(),
    ...[...services.stores.values()].map(async (each) => each.ping()),
  ]);
  if (pings.includes(false)) throw new Fault("ServiceUnavailable", "a data source can not serve");
  sendText(exchange, '{"status":"ready"}');
}

function sendText(exchange: Exchange, text: string): void {
  const { method } = exchange.request;
  if (method !== "GET" && method !== "HEAD") throw endpointNotFound();
  send(exchange, 200, ["Content-Type", "application/json"], Buffer.from(text));
}

function logRequest(exchange: Exchange, services: Services): void {
  const { request, response, startedAt, appId, failure } = exchange;
  services.log.write("info", "request", {
    method: request.method,
    // Without the query, which may hold a secret.
    path: request.url?.split("?", 1)[0],
    status: exchange.isAnswered ? response.statusCode : undefined,
    ms: Math.round((performance.now() - startedAt) * 10) / 10,
    app: appId,
    error_code: failure?.code,
    co_id: failure?.logId,
    address: services.forwarding.clientAddress(request),
  });
}
