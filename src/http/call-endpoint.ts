/** A call of a custom endpoint: find it, authenticate, authorize, run its function, answer. */
import type { AppConfig, EndpointConfig } from "../config/app-config.ts";
import { limitsOf } from "../config/app-limits.ts";
import type { App } from "../config/app.ts";
import { answerOf } from "../endpoints/answer.ts";
import { readQuery } from "../endpoints/query.ts";
import { findRoute, type Route as EndpointRoute } from "../endpoints/route-table.ts";
import type { FunctionOutcome } from "../functions/function-call.ts";
import { admit, answerOptions, endpointNotFound, watch } from "./admit.ts";
import { readBody } from "./body.ts";
import { callerOf } from "./caller.ts";
import { replyWithAnswer } from "./endpoint-reply.ts";
import type { Exchange } from "./exchange.ts";
import { guardOf } from "./guard.ts";
import { readAccept } from "./negotiation.ts";
import { noteCall, noteEndpoint } from "./record.ts";
import { openScope } from "./run-as.ts";
import { createRequestInfo, queryStringOf } from "./request-info.ts";
import type { Route } from "./route.ts";
import type { Services } from "./services.ts";

/** Answers one call of a custom endpoint. */
export async function callEndpoint(
  exchange: Exchange,
  { appId, path }: Extract<Route, { kind: "endpoint" }>,
  services: Services,
): Promise<void> {
  const app = admit(exchange, appId, services);
  const live = services.configs.of(app);
  const config = live instanceof Promise ? await live : live;
  const route = config === undefined || path === undefined ? undefined : findRoute(config, path);
  if (config === undefined || path === undefined || route === undefined) throw endpointNotFound();
  if (isForUs(exchange, route)) {
    answerOptions(exchange, route.methods, services);
    return;
  }
  const endpoint = route.find(exchange.request.method ?? "");
  if (endpoint === undefined) throw endpointNotFound();
  noteEndpoint(exchange.entry, endpoint);
  const limited = services.rateLimits.byAddress(app, () =>
    services.forwarding.clientAddress(exchange.request),
  );
  if (limited !== undefined) await limited;
  services.admission.enter(app.clientAppId);
  try {
    const outcome = await run(exchange, { app, config, endpoint }, services);
    exchange.entry.addRun(outcome);
    if (outcome.end.kind === "failed") throw outcome.end.fault;
    await replyWithAnswer(exchange, answerOf(outcome.end, endpoint), {
      format: readAccept(exchange.request.headers.accept, formatOf(app, endpoint)),
      bytesMax: limitsOf(app, services.limits).responseBytesMax,
      heavyText: services.heavyText,
    });
  } finally {
    services.deadlines.delete(exchange);
    services.admission.leave(app.clientAppId);
  }
}

/** A browser's preflight is ours to answer; another `OPTIONS` only where no endpoint takes it. */
function isForUs({ request }: Exchange, route: EndpointRoute): boolean {
  if (request.method !== "OPTIONS") return false;
  return request.headers["access-control-request-method"] !== undefined || !route.takesAny;
}

async function run(
  exchange: Exchange,
  called: { readonly app: App; readonly config: AppConfig; readonly endpoint: EndpointConfig },
  services: Services,
): Promise<FunctionOutcome> {
  const { request } = exchange;
  const { app, config, endpoint } = called;
  const runAs = config.functions.get(endpoint.functionName)?.runAs ?? { kind: "caller" };
  const known = callerOf(exchange, { app, config, runAs, settings: endpoint }, services);
  const caller = known instanceof Promise ? await known : known;
  const guard = guardOf(endpoint, app, request, services);
  const query = guard === undefined ? queryStringOf(request) : await guard.checkQuery();
  const { requestBytesMax, processingMsMax } = limitsOf(app, services.limits);
  const body = await readBody(exchange, requestBytesMax, services.bodies);
  watch(exchange, app, services);
  if (guard !== undefined) await guard.checkBody(body);
  const place = {
    remoteIPAddress: services.forwarding.clientAddress(request),
    service: "",
    action: "",
    webhookUrl: endpoint.route,
  };
  const info = createRequestInfo(request, () => place, query);
  const what = `the endpoint ${endpoint.route}`;
  const opened = openScope(
    exchange,
    { app, config, caller, runAs },
    { info, guarded: endpoint, what },
    services,
  );
  const scope = opened instanceof Promise ? await opened : opened;
  noteCall(exchange.entry, scope.user, body, config.functions.get(endpoint.functionName));
  const limited = services.rateLimits.byKey(app, exchange.entry.keyId);
  if (limited !== undefined) await limited;
  return services.functions.run({
    scope,
    target: { kind: "named", name: endpoint.functionName },
    args: [],
    endpoint: {
      query: readQuery(query),
      body: body.length === 0 ? undefined : body,
    },
    from: "endpoint",
    // A script has found the user: it need not do so again.
    isRunAs: runAs.kind !== "caller",
    timeoutMs: processingMsMax,
  });
}

/** An endpoint that says nothing answers as the app's Data API does. */
function formatOf(app: App, { returnType }: EndpointConfig): "canonical" | "json" {
  return (returnType ?? app.dataApi.returnType) === "EJSON" ? "canonical" : "json";
}
