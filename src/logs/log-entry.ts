/**
 * What becomes known of one request, or of work that no request asked for, until it is logged and counted.
 *
 * Mutable, and a class so that all have one shape: who does the work fills in what it knows, `recorder.ts` takes it
 * once, at the end. Nothing here is redacted yet; that is the recorder's.
 */

/** As the admin API names them (SPEC §11.2). */
export type LogType =
  | "API"
  | "API_KEY"
  | "AUTH"
  | "AUTH_TRIGGER"
  | "DB_TRIGGER"
  | "ENDPOINT"
  | "FUNCTION"
  | "LOG_FORWARDER"
  | "PUSH"
  | "SCHEDULED_TRIGGER"
  | "SCHEMA_ADDITIVE_CHANGE"
  | "SCHEMA_GENERATION"
  | "SCHEMA_VALIDATION"
  | "SERVICE_FUNCTION"
  | "SERVICE_STREAM_FUNCTION"
  | "STREAM_FUNCTION"
  | "TRIGGER_ERROR_HANDLER"
  | "TRIGGER_FAILURE"
  | "WEBHOOK";

/** What a role did to the documents of a namespace (SPEC §6.4). */
export interface RoleMetrics {
  readonly matching_documents: number;
  readonly evaluated_fields: number;
  readonly discarded_fields: number;
}

export interface NamespaceMetrics {
  /** By the name of the role. */
  readonly roles: ReadonlyMap<string, RoleMetrics>;
  /** Documents for which no role matched. */
  readonly noMatchingRole: number;
}

export interface SchemaViolation {
  readonly kind: string;
  /** As in `(root).name`. */
  readonly field: string;
  readonly message: string;
}

export class LogEntry {
  /** 24 hex digits: in the `link` of an error, and as `X-Request-Id` in every reply. */
  readonly coId: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  type: LogType = "API";
  /** 24 hex digits, or the name of what happened without one. An entry without an app is not kept. */
  appId: string | undefined;
  /** Whether the caller was allowed to make the call: what is refused before that does not count as usage. */
  isAuthorized = false;

  /** 24 hex digits; undefined for the system and where nobody could be proven. */
  userId: string | undefined;
  /** 24 hex digits: the server API key that was shown, for usage per key. */
  keyId: string | undefined;
  /** Why the caller was not believed. Never goes to the client. */
  authFailure: string | undefined;
  /** Of a login or another event of authentication. */
  authEvent:
    | { readonly type: string; readonly provider: string; readonly failed: boolean }
    | undefined;

  /** Of a custom endpoint or an action: the path behind `/endpoint`, e.g. `/data/v1/action/find`. */
  endpointRoute: string | undefined;
  /** 24 hex digits. */
  endpointId: string | undefined;
  /** The request's body; set it only where it is to be logged (`disable_arg_logs` and its like). */
  endpointBody: Uint8Array | undefined;
  /** The name of a function, action, or method of a service. */
  functionName: string | undefined;
  /** 24 hex digits. */
  functionId: string | undefined;
  /** EJSON text of a function's arguments; set it only where they are to be logged. */
  functionArguments: string | undefined;
  /** 24 hex digits: the data source. */
  serviceId: string | undefined;
  /** Of a trigger. */
  trigger: { readonly id: string; readonly name: string } | undefined;

  /** What functions wrote to the console, a line each. */
  messages: readonly string[] | undefined;
  /** By namespace, `db.collection`. */
  ruleMetrics: Map<string, NamespaceMetrics> | undefined;
  violations: readonly SchemaViolation[] | undefined;
  /** What an administrator should know of it: a field was used that is hidden from the user. */
  notes: string[] | undefined;

  /** The message of a failure, where it is not in a reply that `reply.ts` wrote. */
  error: string | undefined;
  errorCode: string | undefined;
  /** Of the answer's body. */
  responseBytes = 0;
  requestBytes = 0;
  /** How long user code ran, in milliseconds. */
  functionMs = 0;

  constructor(coId: string, startedAt: number) {
    this.coId = coId;
    this.startedAt = startedAt;
  }
}
