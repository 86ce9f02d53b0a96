/**
 * How many requests a minute one key, and one address, may send. Off unless a setting says so; counted in memory, by
 * each node for itself.
 */
import { isIPv6 } from "node:net";
import type { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { limitsOf } from "../config/app-limits.ts";
import type { App } from "../config/app.ts";
import { Fault } from "../kit/fault.ts";
import type { Limits } from "../kit/limits.ts";

export interface RateLimits {
  /**
   * Counts a request of an address. At once where no limit is set, as is the other.
   *
   * @throws {Fault} `TooManyRequests`
   */
  byAddress(app: App, address: () => string): Promise<void> | undefined;
  /** @param keyId undefined where no server API key was shown */
  byKey(app: App, keyId: string | undefined): Promise<void> | undefined;
}

const windowSeconds = 60;

export function createRateLimits(server: Limits): RateLimits {
  /** By the number of requests that they allow: apps may have limits of their own. */
  const limiters = new Map<number, Promise<RateLimiterMemory>>();

  async function take(points: number, key: string): Promise<void> {
    let opening = limiters.get(points);
    if (opening === undefined) limiters.set(points, (opening = open(points)));
    const limiter = await opening;
    try {
      await limiter.consume(key);
    } catch (cause) {
      if (cause instanceof Error) throw cause;
      const { msBeforeNext } = cause as RateLimiterRes;
      throw new Fault("TooManyRequests", "too many requests in a minute", {
        retryAfterSeconds: Math.max(1, Math.ceil(msBeforeNext / 1000)),
      });
    }
  }

  return {
    byAddress(app, address) {
      const { requestsPerAddressMax } = limitsOf(app, server);
      if (requestsPerAddressMax === 0) return undefined;
      return take(requestsPerAddressMax, `${app.id} address ${networkOf(address())}`);
    },
    byKey(app, keyId) {
      const { requestsPerKeyMax } = limitsOf(app, server);
      if (requestsPerKeyMax === 0 || keyId === undefined) return undefined;
      return take(requestsPerKeyMax, `${app.id} key ${keyId}`);
    },
  };
}

async function open(points: number): Promise<RateLimiterMemory> {
  const { RateLimiterMemory: Limiter } = await import("rate-limiter-flexible");
  return new Limiter({ points, duration: windowSeconds });
}

/** One household has 2^64 addresses of IPv6. */
function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = "", tail] = address.split("::");
  const groups = head.split(":").filter((each) => each !== "");
  // What `::` leaves out are zeros, of which the network may hold some.
  const rest = tail?.split(":").filter((each) => each !== "") ?? [];
  const zeros = Array.from({ length: Math.max(0, 8 - groups.length - rest.length) }, () => "0");
  return [...groups, ...zeros, ...rest].slice(0, 4).join(":");
}
