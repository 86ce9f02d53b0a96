/** Timers that belong to a call: they count as its work, fail it when they throw, and are dead once it has ended. */
import { currentCall, type RunningCall } from "./current-call.ts";

type Callback = (...given: unknown[]) => void;

/** The longest that a timer waits in one go; longer than any call. */
const msMax = 600_000;

/** In place of the globals of the same names. */
export function createTimers(): Readonly<Record<string, unknown>> {
  const node = {
    setTimeout,
    setInterval,
    setImmediate,
    clearTimeout,
    clearInterval,
    clearImmediate,
    queueMicrotask,
  };
  const { promisify } = { promisify: Symbol.for("nodejs.util.promisify.custom") };

  const timers = {
    setTimeout: (callback: unknown, ms?: unknown, ...given: unknown[]) =>
      node.setTimeout(guarded(callback, { isRepeated: false }), bounded(ms), ...given),
    setInterval(callback: unknown, ms?: unknown, ...given: unknown[]) {
      const tick = guarded(callback, { isRepeated: true });
      const call = currentCall();
      const timer: NodeJS.Timeout = node.setInterval(() => {
        if (call?.isEnded === true) node.clearInterval(timer);
        else tick(...given);
      }, bounded(ms));
      return timer;
    },
    setImmediate: (callback: unknown, ...given: unknown[]) =>
      node.setImmediate(guarded(callback, { isRepeated: false }), ...given),
    queueMicrotask(callback: unknown) {
      const call = currentCall();
      if (typeof callback !== "function")
        throw new TypeError('The "callback" argument must be of type function');
      node.queueMicrotask(() => {
        run(call, callback as Callback, []);
      });
    },
    clearTimeout: clear(node.clearTimeout),
    clearInterval: clear(node.clearInterval),
    clearImmediate: clear(node.clearImmediate),
  };
  Object.defineProperty(timers.setTimeout, promisify, {
    value: async (ms?: unknown, value?: unknown) =>
      new Promise((resolve) => {
        timers.setTimeout(resolve, ms, value);
      }),
  });
  return timers;
}

function guarded(callback: unknown, { isRepeated }: { readonly isRepeated: boolean }): Callback {
  if (typeof callback !== "function")
    throw new TypeError('The "callback" argument must be of type function');
  const call = currentCall();
  call?.begin();
  return (...given) => {
    if (!isRepeated) call?.finish();
    run(call, callback as Callback, given);
  };
}

function run(call: RunningCall | undefined, callback: Callback, given: readonly unknown[]): void {
  if (call?.isEnded === true) return;
  try {
    callback(...given);
  } catch (cause) {
    if (call === undefined) throw cause;
    call.fail(cause);
  }
}

function clear(clearing: (timer: never) => void): (timer: unknown) => void {
  return (timer) => {
    if (timer === undefined || timer === null) return;
    if (typeof timer === "object" && "_destroyed" in timer && timer["_destroyed"] === false)
      currentCall()?.finish();
    clearing(timer as never);
  };
}

function bounded(ms: unknown): number {
  const wanted = Number(ms);
  return wanted >= 0 && wanted <= msMax ? wanted : wanted > msMax ? msMax : 1;
}
