/** A call of a function, and what came of it: what everybody who runs user code hands over and gets back. */
import type { Value } from "../bson/value.ts";
import type { Scope } from "../config/scope.ts";
import type { Fault } from "../kit/fault.ts";

export interface FunctionCall {
  /** `scope.user` is as whom the call would run; the function's own `run_as…` settings come on top. */
  readonly scope: Scope;
  readonly target:
    | { readonly kind: "named"; readonly name: string }
    /** A source that is no part of the app: a run-as script, or one that an administrator tries out. */
    | { readonly kind: "source"; readonly source: string; readonly evalSource?: string };
  readonly args: readonly Value[];
  /** Of a custom endpoint, whose function gets a request and a response object instead of `args`. */
  readonly endpoint?: EndpointRequest;
  /** For a client, private functions do not exist; for the app itself nothing is asked. */
  readonly from: "client" | "endpoint" | "app" | "administrator";
  /** Whether `scope.user` is already as whom the function's own settings want it to run. */
  readonly isRunAs?: boolean;
  /** The most it may take, in milliseconds; the scope's signal may end it earlier. */
  readonly timeoutMs: number;
}

/** Its headers are those of the scope's request. */
export interface EndpointRequest {
  /** The first value of each name. */
  readonly query: ReadonlyMap<string, string>;
  /** Undefined where the request has none. */
  readonly body: Uint8Array | undefined;
}

/** What a function did to the response object of an endpoint. */
export interface EndpointResponse {
  readonly status: number | undefined;
  /** In the order they were set. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array | undefined;
}

export interface FunctionOutcome {
  readonly end:
    | {
        readonly kind: "returned";
        /** Undefined where the function returned nothing. */
        readonly value: Value | undefined;
        /** Undefined where the function left the response object alone. */
        readonly response?: EndpointResponse;
      }
    | { readonly kind: "failed"; readonly fault: Fault };
  /** What it wrote to the console, a line each, bounded as in SPEC §8.4. */
  readonly logs: readonly string[];
  readonly ms: number;
}

/** Of an app's functions, on this node. */
export interface FunctionFigures {
  /** The App ID. */
  readonly app: string;
  readonly hosts: number;
  /** Calls that hosts work on, and calls that wait for one. */
  readonly running: number;
  readonly waiting: number;
  /** Hosts that ended otherwise than by being idle, since this node started. */
  readonly deaths: number;
}

export interface Functions {
  /** Never throws for what the function does; @throws {Fault} where nothing could be run at all */
  run(call: FunctionCall): Promise<FunctionOutcome>;
  /** For whoever watches over them; absent: nothing is known. */
  figures?(): readonly FunctionFigures[];
  /** Ends all hosts. */
  close(): Promise<void>;
}
