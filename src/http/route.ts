/** What a URL asks for. Paths only; no `URL` objects on this way. */

export type Route =
  | {
      readonly kind: "action";
      readonly appId: string;
      readonly version: string;
      readonly action: string;
    }
  | { readonly kind: "openapi"; readonly appId: string; readonly version: string }
  /** Something under an app's `/endpoint`, or anything else of an app. */
  | { readonly kind: "endpoint"; readonly appId: string }
  | { readonly kind: "health" | "ready" | "management" };

const management: Route = { kind: "management" };

/** @param target as in the request line: path and query, or a whole URL from a client that thinks we are a proxy */
export function readRoute(target: string): Route {
  const parts = readPath(target);
  switch (parts[0]) {
    case "app":
      return parts[1] === undefined ? management : readAppRoute(parts[1], parts);
    case "healthz":
      return parts.length === 1 ? { kind: "health" } : management;
    case "readyz":
      return parts.length === 1 ? { kind: "ready" } : management;
    default:
      return management;
  }
}

function readAppRoute(appId: string, parts: readonly string[]): Route {
  const [, , endpoint, data, version, last, action] = parts;
  if (endpoint === "endpoint" && data === "data" && version !== undefined) {
    if (last === "action" && action !== undefined && parts.length === 7)
      return { kind: "action", appId, version, action };
    if (last === "openapi.json" && parts.length === 6) return { kind: "openapi", appId, version };
  }
  return { kind: "endpoint", appId };
}

/** The path's parts, decoded; doubled slashes and one at the end count for nothing. */
function readPath(target: string): readonly string[] {
  let path = target;
  if (!path.startsWith("/")) path = path.replace(/^[a-z]+:\/\/[^/]*/i, "");
  const end = path.search(/[?#]/);
  if (end >= 0) path = path.slice(0, end);
  const parts = path.split("/").filter((part) => part !== "");
  return path.includes("%") ? parts.map(decode) : parts;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // A lone "%" names nothing that exists, and is looked up as it came.
  }
}
