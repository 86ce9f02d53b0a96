/** A call of the Data API: authenticate, read, run, reply. */
import type { IncomingMessage } from "node:http";
import type { Action, ActionContext } from "../actions/action.ts";
import { actions } from "../actions/actions.ts";
import { runAction, wordFailure } from "../actions/run-action.ts";
import { parseEjson } from "../bson/parse-ejson.ts";
import { limitsOf } from "../config/app-limits.ts";
import type { DataApiConfig } from "../config/app-config.ts";
import type { App } from "../config/app.ts";
import { Fault } from "../kit/fault.ts";
import type { Limits } from "../kit/limits.ts";
import { admit, answerOptions, endpointNotFound, watch } from "./admit.ts";
import { readBody } from "./body.ts";
import { callerOf } from "./caller.ts";
import type { Exchange } from "./exchange.ts";
import { guardOf } from "./guard.ts";
import { heavyBytesMin } from "./heavy-text.ts";
import { readOnceCall } from "./idempotency.ts";
import { isJsonType, readAccept } from "./negotiation.ts";
import { actionRouteOf, noteAction, noteBody } from "./record.ts";
import { replyWithResult } from "./reply.ts";
import { createRequestInfo, type RequestPlace } from "./request-info.ts";
import type { Route } from "./route.ts";
import { openScope } from "./run-as.ts";
import type { Services } from "./services.ts";

/** Answers one call of the Data API. */
export async function callAction(
  exchange: Exchange,
  route: Extract<Route, { kind: "action" }>,
  services: Services,
): Promise<void> {
  const { request } = exchange;
  const { admission, deadlines } = services;
  const app = admit(exchange, route.appId, services);
  if (request.method === "OPTIONS") {
    answerOptions(exchange, "POST", services);
    return;
  }
  const action = mustFindAction(app, route, request.method);
  const live = services.configs.of(app);
  const config = live instanceof Promise ? await live : live;
  const settings = config?.dataApi ?? plainSettings;
  const address = (): string => services.forwarding.clientAddress(request);
  const asked = { app, config, runAs: settings.runAs, settings };
  const limited = services.rateLimits.byAddress(app, address);
  const found =
    limited === undefined
      ? callerOf(exchange, asked, services)
      : limited.then(async () => callerOf(exchange, asked, services));
  const caller = found instanceof Promise ? await found : found;
  noteAction(exchange.entry, route.version, action, caller);
  const keyLimited = services.rateLimits.byKey(app, exchange.entry.keyId);
  if (keyLimited !== undefined) await keyLimited;
  admission.enter(app.clientAppId);
  try {
    mustBeTyped(action, request);
    const guard = guardOf(settings, app, request, services);
    const query = guard === undefined ? undefined : await guard.checkQuery();
    const { requestBytesMax } = limitsOf(app, services.limits);
    const bytes = await readBody(exchange, requestBytesMax, services.bodies);
    watch(exchange, app, services);
    if (guard !== undefined) await guard.checkBody(bytes);
    noteBody(exchange.entry, bytes, config?.dataApi);
    const place = (): RequestPlace => ({
      remoteIPAddress: address(),
      service: "",
      action: "",
      // Atlas: an action is a system function behind this route, as the log entries of the original show.
      webhookUrl: actionRouteOf(route.version, action),
    });
    const info = createRequestInfo(request, place, query);
    const called = { app, config, caller, runAs: settings.runAs };
    const opened = openScope(
      exchange,
      called,
      { info, guarded: settings, what: "the Data API" },
      services,
    );
    const scope = opened instanceof Promise ? await opened : opened;
    exchange.entry.isAuthorized = true;
    // Before the body is read, which may take its bytes away.
    const owner = { appId: app.id, userId: scope.user.id };
    const once = readOnceCall(request.headers, action, owner, bytes);
    const body =
      bytes.length < heavyBytesMin ? parseEjson(bytes) : await services.heavyText.parse(bytes);
    await run(exchange, { action, body, scope, access: services.access, once }, services);
  } finally {
    deadlines.delete(exchange);
    admission.leave(app.clientAppId);
  }
}

/** Of an app that was never pushed, or whose Data API says nothing. */
const plainSettings: Omit<
  DataApiConfig,
  "disabled" | "versions" | "returnType" | "logFunctionArguments"
> = {
  runAs: { kind: "caller" },
  validationMethod: "NO_VALIDATION",
  createUserOnAuth: false,
  fetchCustomUserData: false,
};

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
  const { isStrict } = services;
  const limits = limitsOf(call.scope.app, services.limits);
  const context = new CallContext(exchange, limits, isStrict);
  try {
    const result = await runAction(call, context);
    await replyWithResult(exchange, result, {
      status: call.action.status,
      format: readAccept(exchange.request.headers.accept, formatOf(call.scope.app)),
      bytesMax: limits.responseBytesMax,
      heavyText: services.heavyText,
    });
  } catch (cause) {
    throw wordFailure(call.action, cause);
  }
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

/** As the original: a write says what its body is, a read need not. */
function mustBeTyped(action: Action, request: IncomingMessage): void {
  if (action.verb === "find" || action.verb === "aggregate") return;
  if (isJsonType(request.headers["content-type"])) return;
  throw new Fault(
    "MissingParameter",
    "Header missing: please add content-type: application/json or application/ejson to specify payload data types",
  );
}

function formatOf(app: App): "canonical" | "json" {
  return app.dataApi.returnType === "EJSON" ? "canonical" : "json";
}
