/** What everything done for one request is done with: whose app, who asks, as whom, and what the request was. */
import type { Value } from "../bson/value.ts";
import type { AppConfig } from "./app-config.ts";
import type { App } from "./app.ts";
import type { Findings } from "./findings.ts";
import type { User } from "./user.ts";

export interface Scope {
  readonly app: App;
  /** The deployment that was live when the request came; undefined: nothing was ever pushed. */
  readonly config: AppConfig | undefined;
  /** Who sent the request: `context.user`, also where it runs as somebody else. */
  readonly caller: User;
  /** As whom data is read and written; rules and schemas are skipped for the system. */
  readonly user: User;
  /** Undefined where no request is behind it: a scheduled trigger. */
  readonly request: RequestInfo | undefined;
  /** Deadline and cancellation. */
  readonly signal: AbortSignal;
  /** What the log entry of the call is told on the way; absent where there is none. */
  readonly findings?: Findings | undefined;
}

/** The request as `%%request` and `context.request` show it. */
export interface RequestInfo {
  readonly httpMethod: string;
  readonly httpReferrer: string;
  readonly httpUserAgent: string;
  /** Without `?`, and without a secret that was checked. */
  readonly rawQueryString: string;
  readonly remoteIPAddress: string;
  /** Name in canonical case (`Content-Type`) → values, in the order they came. */
  readonly requestHeaders: ReadonlyMap<string, readonly string[]>;
  /** The same as they came, names and values in turn: for who only hands them on. */
  readonly rawHeaders?: readonly string[];
  readonly service: string;
  readonly action: string;
  /** The path of a custom endpoint, or of a webhook. */
  readonly webhookUrl: string;
}

/**
 * Runs a function of the app in a scope and gives its result. Whoever calls decides as whom: the function's own
 * `run_as…` settings come on top.
 *
 * @throws {Fault} `FunctionExecutionError` with the message it threw, `ExecutionTimeLimitExceeded`
 */
export type CallFunction = (
  name: string,
  args: readonly Value[],
  scope: Scope,
) => Promise<Value | undefined>;
