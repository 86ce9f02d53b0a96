/** A call of the Data API: authenticate, read, run, reply. */
import type { IncomingMessage } from "node:http";
import type { Action, ActionContext } from "../actions/action.ts";
import { actions } from "../actions/actions.ts";
import { runAction, wordFailure } from "../actions/run-action.ts";
import { authenticate } from "../auth/authenticate.ts";
import { readCredentials } from "../auth/credentials.ts";
import { parseEjson } from "../bson/parse-ejson.ts";
import type { AppConfig } from "../config/app-config.ts";
import type { App } from "../config/app.ts";
import type { RequestInfo, Scope } from "../config/scope.ts";
import type { User } from "../config/user.ts";
import { Fault } from "../kit/fault.ts";
import type { Limits } from "../kit/limits.ts";
import { admit, answerOptions, endpointNotFound, watch } from "./admit.ts";
import { readBody } from "./body.ts";
import type { Exchange } from "./exchange.ts";
import { heavyBytesMin } from "./heavy-text.ts";
import { readOnceCall } from "./idempotency.ts";
import { isJsonType, readAccept } from "./negotiation.ts";
import { replyWithResult } from "./reply.ts";
import { createRequestInfo } from "./request-info.ts";
import type { Route } from "./route.ts";
import type { Services } from "./services.ts";

/** Answers one call of the Data API. */
export async function callAction(
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
  const caller = authenticate(app.id, readCredentials(request.headers), services.keys);
  admission.enter(app.clientAppId);
  try {
    const live = services.configs.of(app);
    const config = live instanceof Promise ? await live : live;
    mustBeTyped(action, request);
    const bytes = await readBody(request, limits.requestBytesMax);
    watch(exchange, services);
    // Before the body is read, which may take its bytes away.
    const owner = { appId: app.id, userId: caller.id };
    const once = readOnceCall(request.headers, action, owner, bytes);
    const body =
      bytes.length < heavyBytesMin ? parseEjson(bytes) : await services.heavyText.parse(bytes);
    const requestInfo = createRequestInfo(request, () => ({
      remoteIPAddress: services.forwarding.clientAddress(request),
      service: "",
      action: "",
      // Atlas: an action is a system function behind this route, as the log entries of the original show.
      webhookUrl: `/data/${route.version}/action/${action.name}`,
    }));
    const scope = new CallScope(exchange, { app, config, caller }, requestInfo);
    await run(exchange, { action, body, scope, access: services.access, once }, services);
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

/** As the request's `CallContext`: a class, for its lazy signal. */
class CallScope implements Scope {
  readonly app: App;
  readonly config: AppConfig | undefined;
  readonly caller: User;
  readonly user: User;
  readonly request: RequestInfo;
  readonly #exchange: Exchange;

  constructor(
    exchange: Exchange,
    { app, config, caller }: Pick<Scope, "app" | "config" | "caller">,
    request: RequestInfo,
  ) {
    this.#exchange = exchange;
    this.app = app;
    this.config = config;
    this.caller = caller;
    this.user = caller;
    this.request = request;
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
