/** The `context` of one call. */
import type { Ask } from "./ask.ts";
import type { CallWire } from "./call-wire.ts";
import { createHttpClient } from "./http-client.ts";
import { lazyObject } from "./lazy-object.ts";
import { createMongodbClient } from "./mongodb-client.ts";

/** What is the same for all calls of a host. */
export interface HostFacts {
  readonly app: object;
  readonly environment: object;
  /** Name → kind: `mongodb`. */
  readonly services: Readonly<Record<string, string>>;
  values: Readonly<Record<string, unknown>>;
}

export function createContext(
  host: HostFacts,
  { head, user, request }: Pick<CallWire, "head" | "user" | "request">,
  ask: Ask,
): object {
  return {
    app: copyOf(host.app),
    environment: copyOf(host.environment),
    user,
    request,
    runningAsSystem: () => head.isSystem,
    values: {
      get(name: unknown): unknown {
        const { values } = host;
        // Each call gets its own: what one changes another must not see.
        return typeof name === "string" && Object.hasOwn(values, name)
          ? structuredCopy(values[name])
          : undefined;
      },
    },
    functions: {
      async execute(name: unknown, ...given: readonly unknown[]): Promise<unknown> {
        if (typeof name !== "string")
          throw new TypeError("functions execute: name must be a string");
        return ask({ operation: "function", name, arguments: given });
      },
    },
    services: {
      get(name: unknown): unknown {
        if (typeof name !== "string" || !Object.hasOwn(host.services, name)) return undefined;
        return host.services[name] === "http"
          ? createHttpClient(ask)
          : createMongodbClient(name, ask);
      },
    },
    http: createHttpClient(ask),
  };
}

function copyOf(value: object): object {
  return lazyObject((target) => {
    Object.assign(target, structuredCopy(value));
  });
}

/** A copy of plain data: objects, lists and what is unchangeable. */
function structuredCopy<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((each: unknown) => structuredCopy(each)) as T;
  if ("_bsontype" in value || value instanceof Date) return value;
  const copy = {};
  for (const [key, each] of Object.entries(value))
    Object.defineProperty(copy, key, {
      value: structuredCopy(each as unknown),
      writable: true,
      enumerable: true,
      configurable: true,
    });
  return copy as T;
}
