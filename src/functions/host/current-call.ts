/** The call that is running, as far as asynchronous work leads: for timers, sockets and errors that nobody catches. */
import { AsyncLocalStorage } from "node:async_hooks";

export interface RunningCall {
  /** After it nothing of it runs any more: its timers are dead, its operations stay unanswered. */
  readonly isEnded: boolean;
  /** Ends it with what was thrown where nobody could catch it. */
  fail(cause: unknown): void;
  /** Counts asynchronous work that has begun; @throws {Error} when there is too much of it */
  begin(): void;
  finish(): void;
  /** Sockets that are open. */
  sockets: number;
}

const storage = new AsyncLocalStorage<RunningCall>();

export function currentCall(): RunningCall | undefined {
  return storage.getStore();
}

export function runInCall<T>(call: RunningCall, run: () => T): T {
  return storage.run(call, run);
}
