/** From a request that has been answered to its log entry. */
import type { Action } from "../actions/action.ts";
import { partIdOf } from "../config/part-id.ts";
import type { DataApiConfig, EndpointConfig, FunctionConfig } from "../config/app-config.ts";
import type { User } from "../config/user.ts";
import type { LogEntry } from "../logs/log-entry.ts";
import type { Exchange } from "./exchange.ts";
import type { Services } from "./services.ts";

/** Version → action → its route: no text is made anew per request. */
const actionRoutes = new Map<string, Map<string, string>>();

/** As the original's log entries call an action. @param version one that is served */
export function actionRouteOf(version: string, { name }: Action): string {
  let routes = actionRoutes.get(version);
  if (routes === undefined) actionRoutes.set(version, (routes = new Map()));
  let route = routes.get(name);
  if (route === undefined) routes.set(name, (route = `/data/${version}/action/${name}`));
  return route;
}

/** Notes which action is called, and by whom. */
export function noteAction(entry: LogEntry, version: string, action: Action, caller: User): void {
  entry.endpointRoute = actionRouteOf(version, action);
  entry.functionName = action.name;
  noteCaller(entry, caller);
}

/** What of a body can be logged at all. */
const loggedBytesMax = 64 * 1024;

/** Notes the body of an action's call; the body itself only where the app says so. */
export function noteBody(
  entry: LogEntry,
  bytes: Buffer,
  settings: DataApiConfig | undefined,
): void {
  entry.requestBytes = bytes.length;
  if (settings?.logFunctionArguments === true)
    entry.functionArguments = bytes.toString("utf8", 0, loggedBytesMax);
}

interface EndpointIds {
  readonly endpoint: string;
  readonly function: string;
}

/** The ids that the admin API gives both: made once per deployment. */
const endpointIds = new WeakMap<EndpointConfig, EndpointIds>();

/** Notes which custom endpoint is called. */
export function noteEndpoint(entry: LogEntry, endpoint: EndpointConfig): void {
  const { route, httpMethod, functionName } = endpoint;
  let ids = endpointIds.get(endpoint);
  if (ids === undefined) {
    ids = {
      endpoint: partIdOf("endpoint", httpMethod, route),
      function: partIdOf("function", functionName),
    };
    endpointIds.set(endpoint, ids);
  }
  entry.endpointRoute = route;
  entry.functionName = functionName;
  entry.endpointId = ids.endpoint;
  entry.functionId = ids.function;
}

/** Notes a call of a custom endpoint that is allowed. */
export function noteCall(
  entry: LogEntry,
  caller: User,
  body: Uint8Array,
  called: FunctionConfig | undefined,
): void {
  entry.isAuthorized = true;
  entry.requestBytes = body.length;
  if (body.length > 0 && called?.disableArgLogs !== true) entry.endpointBody = body;
  noteCaller(entry, caller);
}

/** Notes who calls. */
export function noteCaller(entry: LogEntry, caller: User): void {
  if (caller.type === "system") return;
  entry.userId = caller.id;
  // Of a server API key, the key is the one identity.
  if (caller.type === "server") entry.keyId = caller.identities[0]?.id;
}

/** The App ID of a call whose URL need not hold one; empty where it is no app's. */
function nameOf({ appId }: LogEntry, { apps }: Services): string {
  if (appId === undefined) return "";
  return apps.list().find(({ id }) => id === appId)?.clientAppId ?? "";
}

/** Hands on what is known of a request, once, when there is nothing more to do for it. */
export function record(exchange: Exchange, services: Services): void {
  const { request, response, entry, startedAt } = exchange;
  const ms = performance.now() - startedAt;
  const status = response.headersSent ? response.statusCode : 0;
  const address = services.forwarding.clientAddress(request);
  const app = exchange.appId ?? nameOf(entry, services);
  services.recorder.request(entry, { request, status, address, app, ms });
  if (!services.logsRequests) return;
  services.log.write("info", "request", {
    method: request.method,
    // Without the query, which may hold a secret.
    path: request.url?.split("?", 1)[0],
    status: status === 0 ? undefined : status,
    ms: Math.round(ms * 10) / 10,
    app: exchange.appId,
    error_code: entry.errorCode,
    co_id: entry.errorCode === undefined ? undefined : entry.coId,
    address,
  });
}
