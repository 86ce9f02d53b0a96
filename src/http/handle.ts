/**
 * The way of a request to an app: route, admit, authenticate, read, run, reply.
 *
 * Each step is a call into one folder; nothing is attached to the request; what is thrown on the way ends in the one
 * `catch` of `handle`. To add a kind of route: a case in `route.ts` and one in `answer`.
 *
 * @module
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { Fault } from "../kit/fault.ts";
import { LogEntry } from "../logs/log-entry.ts";
import { admit, answerOptions, endpointNotFound } from "./admit.ts";
import { ClientGone } from "./body.ts";
import { callAction } from "./call-action.ts";
import { callEndpoint } from "./call-endpoint.ts";
import { Exchange } from "./exchange.ts";
import { describeApi } from "./openapi.ts";
import { record } from "./record.ts";
import { replyWithFailure, send } from "./reply.ts";
import { readRoute, type Route } from "./route.ts";
import type { Services } from "./services.ts";

/** Answers one request; never throws. */
export async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  services: Services,
): Promise<void> {
  const exchange = new Exchange(
    request,
    response,
    new LogEntry(services.newId().toHex(), Date.now()),
  );
  // Node adds `Connection: close` then, so that no client sends its next request into a closing server.
  if (!services.isReady()) response.shouldKeepAlive = false;
  try {
    mustNameHost(request);
    await answer(exchange, readRoute(request.url ?? "/"), services);
  } catch (cause) {
    if (!(cause instanceof ClientGone)) fail(exchange, cause, services);
  }
  services.bodies.giveBack(exchange);
  record(exchange, services);
}

/** Answers with a failure, if nobody has answered yet. */
export function fail(exchange: Exchange, cause: unknown, services: Services): void {
  const { log, forwarding } = services;
  replyWithFailure(exchange, cause, { log, baseUrl: forwarding.baseUrl(exchange.request) });
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

async function answer(exchange: Exchange, route: Route, services: Services): Promise<void> {
  switch (route.kind) {
    case "action":
      await callAction(exchange, route, services);
      return;
    case "openapi":
      await answerOpenApi(exchange, route, services);
      return;
    case "endpoint":
      await callEndpoint(exchange, route, services);
      return;
    case "health":
      sendText(exchange, '{"status":"ok"}');
      return;
    case "ready":
      await answerReady(exchange, services);
      return;
    case "management":
      await services.manage(exchange);
  }
}

function mustNameHost(request: IncomingMessage): void {
  if (request.headers.host === undefined && request.httpVersionMinor === 1)
    throw new Fault("BadRequest", "the request lacks a Host header");
}

async function answerOpenApi(
  exchange: Exchange,
  route: Extract<Route, { kind: "openapi" }>,
  services: Services,
): Promise<void> {
  const app = admit(exchange, route.appId, services);
  const { method } = exchange.request;
  if (method === "OPTIONS") {
    answerOptions(exchange, "GET", services);
    return;
  }
  const isServed = !app.dataApi.disabled && app.dataApi.versions.has(route.version);
  if (!isServed || (method !== "GET" && method !== "HEAD")) throw endpointNotFound();
  const baseUrl = services.forwarding.baseUrl(exchange.request);
  const config = await services.configs.of(app);
  sendText(exchange, JSON.stringify(describeApi(app, route.version, baseUrl, config)));
}

async function answerReady(exchange: Exchange, services: Services): Promise<void> {
  if (!services.isReady()) throw new Fault("ServiceUnavailable", "the server is shutting down");
  const pings = await Promise.all([
    services.isStateReady(),
    ...[...services.access.stores.values()].map(async (each) => each.ping()),
  ]);
  if (pings.includes(false)) throw new Fault("ServiceUnavailable", "a data source can not serve");
  sendText(exchange, '{"status":"ready"}');
}

function sendText(exchange: Exchange, text: string): void {
  const { method } = exchange.request;
  if (method !== "GET" && method !== "HEAD") throw endpointNotFound();
  send(exchange, 200, ["Content-Type", "application/json"], Buffer.from(text));
}
