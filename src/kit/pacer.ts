/**
 * Lets long work share the event loop, and stop.
 *
 * A loop over client data asks `due()` per item and awaits `rest()` when it is: no turn gets longer than a slice.
 */
// The global of that name is looked up by a getter each time, which would cost more than telling the time.
import { performance } from "node:perf_hooks";
import { MongoError } from "./mongo-error.ts";

export interface Pacer {
  /** True when the slice is used up, or the work was aborted: the caller is to await `rest()`. Cheap. */
  due(work?: number): boolean;
  /**
   * Gives the event loop one turn and begins a new slice.
   *
   * @throws {MongoError} 50 `MaxTimeMSExpired` when the deadline passed; the signal's reason when it was aborted otherwise
   */
  rest(): Promise<void>;
}

/** The longest stretch of work between two turns of the event loop, in milliseconds. */
const sliceMs = 4;

/** Work between two looks at the clock; what a small document costs is 1. */
const workPerLook = 16;

/** Makes the pacer of one request. `signal` is the request's deadline and cancellation. */
export function createPacer(signal?: AbortSignal): Pacer {
  let startedAt = performance.now();
  let done = 0;
  return {
    due(work = 1): boolean {
      done += work;
      if (done < workPerLook) return false;
      done = 0;
      return performance.now() - startedAt >= sliceMs;
    },
    async rest(): Promise<void> {
      throwIfAborted(signal);
      // setImmediate and not a microtask: input and timers get their turn.
      await new Promise<void>((resolve) => {
        setImmediate(resolve);
      });
      throwIfAborted(signal);
      startedAt = performance.now();
    },
  };
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  const reason: unknown = signal.reason;
  if (reason instanceof DOMException && reason.name === "TimeoutError")
    throw new MongoError(50, "operation exceeded time limit");
  throw reason instanceof Error ? reason : new Error("aborted");
}
