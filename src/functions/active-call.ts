/** A call while it runs: what it asks for is done here, in its scope, and its end becomes an outcome. */
import { Doc } from "../bson/doc.ts";
import { isArray } from "../bson/value.ts";
import type { FunctionConfig } from "../config/app-config.ts";
import type { Scope } from "../config/scope.ts";
import { msLeft } from "../kit/deadline.ts";
import { Fault } from "../kit/fault.ts";
import { ActiveScope } from "./active-scope.ts";
import { toCallDocs } from "./call-doc.ts";
import { readResponse } from "./endpoint-response.ts";
import type { FunctionCall, FunctionOutcome } from "./function-call.ts";
import type { FunctionsCore } from "./functions-core.ts";
import type { HostEnd, HostProcess } from "./host-process.ts";
import type { HostPool, PooledCall } from "./host-pool.ts";
import { describeError } from "./operation-error.ts";
import { Operations } from "./operations.ts";
import { type ValuesState, withoutSecrets } from "./values.ts";

const linesMax = 25;

const valueKeys = ["value"] as const;

export interface ActiveCallOptions {
  readonly core: FunctionsCore;
  readonly call: FunctionCall;
  /** Undefined for a source that is no part of the app. */
  readonly made: FunctionConfig | undefined;
  /** With the user as whom it runs. */
  readonly scope: Scope;
  readonly values: ValuesState;
  /** What `made` is run as; unused where there is no `made`. */
  readonly script: string;
  readonly depth: number;
}

export class ActiveCall implements PooledCall {
  readonly name: string;
  readonly #options: ActiveCallOptions;
  readonly #startedAt: number = performance.now();
  readonly #scope: ActiveScope;
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #onAbort: () => void;
  readonly #operations: Operations;
  readonly #ended: Promise<FunctionOutcome["end"]>;
  #resolve: (end: FunctionOutcome["end"]) => void = () => {};
  #host: HostProcess | undefined;
  /** What its host calls it by. */
  #id = 0;
  #logs: readonly string[] = [];
  /** Given up from this side. */
  #isEnded = false;
  /** Ended by itself. */
  #isOver = false;

  constructor(options: ActiveCallOptions) {
    this.#options = options;
    const { call, core, depth } = options;
    const { timeoutMs } = call;
    this.name = options.made?.name ?? "";
    this.#ended = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    const { signal } = call.scope;
    // Of an endpoint's call, whoever watches over the request watches over this.
    if ((msLeft(signal) ?? Infinity) > timeoutMs)
      this.#timer = setTimeout(() => {
        this.#stop(timeUp());
      }, timeoutMs);
    this.#onAbort = () => {
      this.#stop(reasonOf(signal));
    };
    signal.addEventListener("abort", this.#onAbort);
    const startedAt = this.#startedAt;
    this.#scope = new ActiveScope(options.scope, startedAt + timeoutMs);
    this.#operations = new Operations({ core, depth, scope: this.#scope, timeoutMs, startedAt });
  }

  /** What came of it. @param pool the one it was given to */
  async outcome(pool: HostPool): Promise<FunctionOutcome> {
    if (this.#options.call.scope.signal.aborted) this.#onAbort();
    const end = await this.#ended;
    if (this.#isEnded) pool.abandon(this);
    else if (this.#isOver) pool.noteEnd(this.name);
    const { logs } = this.#operations;
    return {
      end,
      logs: logs.length === 0 ? this.#logs : [...logs, ...this.#logs].slice(0, linesMax),
      ms: performance.now() - this.#startedAt,
    };
  }

  start(host: HostProcess, id: number): boolean {
    const { call, made, scope, values, script } = this.#options;
    this.#host = host;
    this.#id = id;
    if (host.valuesVersion !== values.version) {
      host.valuesVersion = values.version;
      host.send("values", 0, 0, values.doc);
    }
    if (made !== undefined && !host.sources.has(made.name)) {
      host.sources.add(made.name);
      host.send("source", 0, 0, Doc.of({ name: made.name, source: script }));
    }
    try {
      host.send("call", id, 0, ...toCallDocs(call, scope));
      return true;
    } catch (cause) {
      // Its arguments are more than can be written.
      this.#finish({ kind: "failed", fault: toFault(cause) });
      return false;
    }
  }

  onOperation(sequence: number, body: Doc): void {
    void this.#answer(sequence, body);
  }

  async #answer(sequence: number, body: Doc): Promise<void> {
    let reply: Doc;
    try {
      const value = await this.#operations.run(body);
      reply = value === undefined ? Doc.empty : Doc.fromParts(valueKeys, [value]);
    } catch (cause) {
      reply = Doc.of({ error: describeError(cause, this.#options.core.options.log) });
    }
    if (this.#isEnded) return;
    try {
      this.#host?.send("reply", this.#id, sequence, reply);
    } catch (cause) {
      // Too big to be written.
      const error = describeError(cause, this.#options.core.options.log);
      this.#host?.send("reply", this.#id, sequence, Doc.of({ error }));
    }
  }

  onReturned(body: Doc): void {
    this.#isOver = true;
    this.#readLogs(body);
    const value = body.get("value");
    const response = readResponse(body.get("response"));
    this.#finish({
      kind: "returned",
      value,
      ...(response === undefined ? {} : { response }),
    });
  }

  onFailed(body: Doc): void {
    this.#isOver = true;
    this.#readLogs(body);
    const message = body.get("message");
    const told = typeof message === "string" ? withoutSecrets(message, this.#options.values) : "";
    this.#finish({ kind: "failed", fault: new Fault("FunctionExecutionError", told) });
  }

  onLost(reason: HostEnd): void {
    this.#finish({ kind: "failed", fault: lossOf(reason) });
  }

  #readLogs(body: Doc): void {
    const logs = body.get("logs");
    if (isArray(logs)) this.#logs = logs.filter((line) => typeof line === "string");
  }

  /** Time is up, or nobody waits any more. */
  #stop(fault: Fault): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.dispose();
    this.#resolve({ kind: "failed", fault });
  }

  #finish(end: FunctionOutcome["end"]): void {
    if (this.#isEnded) return;
    this.dispose();
    this.#resolve(end);
  }

  /** Lets go of timers, and stops what it still has in work. */
  dispose(): void {
    clearTimeout(this.#timer);
    this.#options.call.scope.signal.removeEventListener("abort", this.#onAbort);
    this.#scope.abort(ended);
    this.#operations.close();
  }
}

/** One for all: making one takes its stack down, which costs more than the rest of a call's end. */
const ended = new DOMException("the function has ended", "AbortError");

function timeUp(): Fault {
  return new Fault("ExecutionTimeLimitExceeded", "execution time limit exceeded");
}

function reasonOf({ reason }: AbortSignal): Fault {
  const isTimeout = reason instanceof DOMException && reason.name === "TimeoutError";
  return isTimeout
    ? timeUp()
    : new Fault("FunctionExecutionError", "the call was given up by its caller");
}

function lossOf(reason: HostEnd): Fault {
  if (reason === "memory") return new Fault("FunctionExecutionError", "memory limit exceeded");
  if (reason === "stalled")
    return new Fault(
      "ExecutionTimeLimitExceeded",
      "execution was interrupted: the process did not answer any more",
    );
  return new Fault("FunctionExecutionError", "execution was interrupted: the process has ended");
}

function toFault(cause: unknown): Fault {
  if (cause instanceof Fault) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  return new Fault("FunctionExecutionError", message, { cause });
}
