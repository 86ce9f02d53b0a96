/** Which endpoint answers a route and a method. Made once per deployment. */
import type { AppConfig, EndpointConfig } from "../config/app-config.ts";
import { partsOfPath, routePathOf } from "../config/route-path.ts";

/** The endpoints of one route. */
export interface Route {
  /** For `Allow` and preflights: what may be sent, `HEAD` where there is `GET`. */
  readonly methods: string;
  /** Whether one endpoint takes every method. */
  readonly takesAny: boolean;
  /** Undefined where no endpoint takes the method. */
  find(method: string): EndpointConfig | undefined;
}

const tables = new WeakMap<AppConfig, ReadonlyMap<string, Route>>();
const anyMethods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

/** @param path as `routePathOf` gives it @returns undefined where no enabled endpoint has this route */
export function findRoute(config: AppConfig, path: string): Route | undefined {
  let table = tables.get(config);
  if (table === undefined) {
    table = compile(config);
    tables.set(config, table);
  }
  return table.get(path);
}

function compile({ endpoints }: AppConfig): ReadonlyMap<string, Route> {
  const byPath = new Map<string, Map<string, EndpointConfig>>();
  for (const endpoint of endpoints) {
    if (endpoint.disabled) continue;
    const path = routePathOf(partsOfPath(endpoint.route));
    const byMethod = byPath.get(path) ?? new Map<string, EndpointConfig>();
    byPath.set(path, byMethod);
    // Two spellings of one route: the first one stays, as a deployment says.
    if (!byMethod.has(endpoint.httpMethod)) byMethod.set(endpoint.httpMethod, endpoint);
  }
  return new Map([...byPath].map(([path, byMethod]) => [path, toRoute(byMethod)] as const));
}

function toRoute(byMethod: ReadonlyMap<string, EndpointConfig>): Route {
  const any = byMethod.get("*");
  const get = byMethod.get("GET");
  const named = [...byMethod.keys()].flatMap((name) => (name === "GET" ? ["GET", "HEAD"] : [name]));
  const methods = any === undefined ? named : anyMethods;
  return {
    methods: [...methods, "OPTIONS"].join(", "),
    takesAny: any !== undefined,
    // Atlas: HTTP wants HEAD wherever there is GET; whether the original did so is not known.
    find: (method) => byMethod.get(method) ?? (method === "HEAD" ? (get ?? any) : any),
  };
}
