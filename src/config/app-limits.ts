/** The bounds that an app has of its own, in place of the server's. */
import { Doc } from "../bson/doc.ts";
import { isArray, type Value } from "../bson/value.ts";
import type { Limits } from "../kit/limits.ts";
import type { App } from "./app.ts";

/** Those that can be an app's own. */
export const appLimitNames = [
  "requestBytesMax",
  "responseBytesMax",
  "processingMsMax",
  "requestsAtOnceMax",
  "findLimitDefault",
  "documentsMax",
  "requestsPerKeyMax",
  "requestsPerAddressMax",
] as const;

export type AppLimitName = (typeof appLimitNames)[number];

/** What is absent is as the server has it. */
export type AppLimits = Readonly<Partial<Record<AppLimitName, number>>>;

const joined = new WeakMap<AppLimits, { readonly server: Limits; readonly limits: Limits }>();

/**
 * What holds for an app. Cheap: asked for with every request.
 *
 * Its own bounds may be wider than the server's, but for the body of a request: that is bounded before the app is known.
 */
export function limitsOf({ limits: own }: App, server: Limits): Limits {
  if (own === undefined) return server;
  const known = joined.get(own);
  if (known?.server === server) return known.limits;
  const requestBytesMax = Math.min(
    own.requestBytesMax ?? server.requestBytesMax,
    server.requestBytesMax,
  );
  const limits: Limits = { ...server, ...own, requestBytesMax };
  joined.set(own, { server, limits });
  return limits;
}

export function toLimitsDoc(limits: AppLimits): Doc {
  return Doc.fromEntries(Object.entries(limits).map(([name, value]) => [name, BigInt(value)]));
}

/** @returns undefined where there are none */
export function readLimitsDoc(value: Value | undefined): AppLimits | undefined {
  if (!(value instanceof Doc) || isArray(value)) return undefined;
  const found = appLimitNames.flatMap((name) => {
    const limit = value.get(name);
    const isNumber = typeof limit === "bigint" || typeof limit === "number";
    return isNumber ? [[name, Number(limit)] as const] : [];
  });
  return found.length === 0 ? undefined : Object.fromEntries(found);
}
