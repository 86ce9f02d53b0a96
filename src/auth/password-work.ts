/**
 * Hashing and checking of users' passwords: off the event loop, so few at once that everything else goes on.
 *
 * A check costs a core a third of a second whoever asks for it. What waits is bounded too.
 */
import { availableParallelism } from "node:os";
import { type EventLoopUtilization, performance } from "node:perf_hooks";
import { Fault } from "../kit/fault.ts";
import { hashPassword, nobodysHash, verifyPassword } from "../kit/secret.ts";

export interface PasswordWork {
  /** @throws {Fault} `TooManyRequests`, as the next one */
  hash(password: string, signal: AbortSignal): Promise<string>;
  /** Takes as long where there is no hash: whoever waits must not learn that there is no such account. */
  verify(password: string, stored: string | undefined, signal: AbortSignal): Promise<boolean>;
}

const waitingMax = 128;
/** Of its time that the event loop works, from which on passwords give way to requests. */
const busyShare = 0.5;
/** How long they give way then, in terms of the time that the last one has taken. */
const restFactor = 1.5;
const passwordLengthMin = 6;
const passwordLengthMax = 128;

export function createPasswordWork(options: {
  /** How many at once; by the number of cores when absent. */
  readonly atOnce?: number;
  /** Checks a hash that another system made. */
  readonly verifyForeign: (password: string, stored: string) => Promise<boolean>;
}): PasswordWork {
  const { atOnce = Math.max(1, Math.floor(availableParallelism() / 2)), verifyForeign } = options;
  const waiting: (() => void)[] = [];
  let running = 0;

  /** Lets the next one go on; where everything else is busy, only after a while. */
  function pass(startedAt: number, before: EventLoopUtilization): void {
    const next = waiting.shift();
    if (next === undefined) {
      running -= 1;
      return;
    }
    const isBusy = performance.eventLoopUtilization(before).utilization > busyShare;
    if (isBusy) setTimeout(next, restFactor * (performance.now() - startedAt));
    else next();
  }

  /** @throws the signal's reason, when it aborted while this waited */
  async function inTurn<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    if (running >= atOnce) {
      if (waiting.length >= waitingMax)
        throw new Fault("TooManyRequests", "too many logins at once");
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
      });
    } else running += 1;
    const startedAt = performance.now();
    const before = performance.eventLoopUtilization();
    try {
      signal.throwIfAborted();
      return await work();
    } finally {
      pass(startedAt, before);
    }
  }

  return {
    hash: async (password, signal) => inTurn(signal, async () => hashPassword(password)),
    verify: async (password, stored, signal) =>
      inTurn(signal, async () => {
        const hash = stored ?? nobodysHash;
        return hash.startsWith("scrypt$")
          ? verifyPassword(password, hash)
          : verifyForeign(password, hash);
      }),
  };
}

/** @throws {Fault} `BadRequest` */
export function mustBePassword(password: string): string {
  if (password.length >= passwordLengthMin && password.length <= passwordLengthMax) return password;
  throw new Fault(
    "BadRequest",
    `password must be between ${passwordLengthMin} and ${passwordLengthMax} characters`,
  );
}
