/** How many requests of one app are worked on at once. */
import { Fault } from "../kit/fault.ts";

export interface Admission {
  /** Takes a place. @throws {Fault} `TooManyRequests` */
  enter(appId: string): void;
  /** Gives a place back. */
  leave(appId: string): void;
  /** Places taken, of all apps. */
  readonly count: number;
}

/** @param atOnceMax of the app with this App ID */
export function createAdmission(atOnceMax: (appId: string) => number): Admission {
  // Only App IDs that exist get here, so that clients can not make it grow.
  const places = new Map<string, number>();
  let count = 0;
  return {
    enter(appId) {
      const taken = places.get(appId) ?? 0;
      if (taken >= atOnceMax(appId))
        throw new Fault("TooManyRequests", "too many concurrent requests");
      places.set(appId, taken + 1);
      count += 1;
    },
    leave(appId) {
      places.set(appId, (places.get(appId) ?? 1) - 1);
      count -= 1;
    },
    get count() {
      return count;
    },
  };
}
