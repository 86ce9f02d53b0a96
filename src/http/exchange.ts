/**
 * One request with its reply: what the steps of `handle.ts` share, and who may answer.
 *
 * A class because it has a life: it can be answered once, run out of time, or lose its client.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { CallSignal } from "../kit/call-signal.ts";
import type { LogEntry } from "../logs/log-entry.ts";
import type { Timed } from "./deadlines.ts";

export class Exchange implements Timed {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** What is logged and counted of it in the end: each step fills in what it knows. */
  readonly entry: LogEntry;
  /** Milliseconds on the clock of `performance.now()`. */
  readonly startedAt: number;
  /** Set on every reply; undefined where the request has no `Origin`. */
  allowedOrigin: string | undefined;
  /** What of its body is in memory. */
  bodyBytes = 0;
  /** The App ID of the URL, for the log. */
  appId: string | undefined;
  /** When time is up, in milliseconds of `performance.now()`. Set before anybody asks for the signal. */
  endsAt: number | undefined;
  /** Where its end is watched for. */
  deadline: number | undefined;
  #signal: CallSignal | undefined;
  #reason: Error | undefined;
  #isAnswered = false;

  constructor(request: IncomingMessage, response: ServerResponse, entry: LogEntry) {
    this.request = request;
    this.response = response;
    this.entry = entry;
    this.startedAt = performance.now();
  }

  /** Aborted when time is up or the client has gone. Made when first asked for: most calls end before that. */
  get signal(): AbortSignal {
    if (this.#signal === undefined) {
      this.#signal = new CallSignal(this.endsAt);
      if (this.#reason !== undefined) this.#signal.abort(this.#reason);
    }
    return this.#signal;
  }

  /** Stops the reads of this request; the first reason counts. */
  abort(reason: Error): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    this.#signal?.abort(reason);
  }

  get isAnswered(): boolean {
    return this.#isAnswered;
  }

  /** True once: whoever gets it writes the reply. False too when there is nobody left to read it. */
  claim(): boolean {
    if (this.#isAnswered) return false;
    this.#isAnswered = true;
    return !this.response.destroyed;
  }
}
