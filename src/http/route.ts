/** What a URL asks for. Paths only; no `URL` objects on this way. */
import { partsOfPath, routePathOf } from "../config/route-path.ts";

export type Route =
  | {
      readonly kind: "action";
      readonly appId: string;
      readonly version: string;
      readonly action: string;
    }
  | { readonly kind: "openapi"; readonly appId: string; readonly version: string }
  /** Something under an app's `/endpoint`; undefined: anything else of an app. */
  | { readonly kind: "endpoint"; readonly appId: string; readonly path: string | undefined }
  | { readonly kind: "health" | "ready" | "management" };

const management: Route = { kind: "management" };

/** @param target as in the request line: path and query, or a whole URL from a client that thinks we are a proxy */
export function readRoute(target: string): Route {
  const parts = partsOfPath(pathOf(target));
  switch (parts[0]) {
    case "app":
      return parts[1] === undefined ? management : readAppRoute(parts[1], parts);
    case "api":
      return readWebhookRoute(parts) ?? management;
    case "healthz":
      return parts.length === 1 ? { kind: "health" } : management;
    case "readyz":
      return parts.length === 1 ? { kind: "ready" } : management;
    default:
      return management;
  }
}

/** The generated Data API stands before endpoints of an app's own: only these versions of it were ever there. */
const dataApiVersions: ReadonlySet<string> = new Set(["beta", "v1"]);

function readAppRoute(appId: string, parts: readonly string[]): Route {
  const [, , endpoint, data, version = "", last, action] = parts;
  if (endpoint !== "endpoint") return { kind: "endpoint", appId, path: undefined };
  if (data === "data" && dataApiVersions.has(version)) {
    if (last === "action" && action !== undefined && parts.length === 7)
      return { kind: "action", appId, version, action };
    if (last === "openapi.json" && parts.length === 6) return { kind: "openapi", appId, version };
  }
  return { kind: "endpoint", appId, path: routePathOf(parts.slice(3)) };
}

/**
 * `/api/client/v2.0/app/ID/service/NAME/incoming_webhook/NAME`: where webhooks were before there were endpoints. What
 * became of one in the original's conversion is the endpoint `/SERVICE/WEBHOOK`.
 */
function readWebhookRoute(parts: readonly string[]): Route | undefined {
  const [, client, version, app, appId, service, name, webhook, title] = parts;
  const isWebhook =
    client === "client" &&
    version === "v2.0" &&
    app === "app" &&
    service === "service" &&
    webhook === "incoming_webhook" &&
    parts.length === 9;
  if (!isWebhook || appId === undefined || name === undefined || title === undefined)
    return undefined;
  return { kind: "endpoint", appId, path: routePathOf([name, title]) };
}

function pathOf(target: string): string {
  let path = target;
  if (!path.startsWith("/")) path = path.replace(/^[a-z]+:\/\/[^/]*/i, "");
  const end = path.search(/[?#]/);
  return end < 0 ? path : path.slice(0, end);
}
