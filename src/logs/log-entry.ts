/**
 * What becomes known of one request, or of work that no request asked for, until it is logged and counted.
 *
 * Mutable, and a class so that all have one shape: who does the work fills in what it knows, `recorder.ts` takes it
 * once, at the end. Nothing here is redacted yet; that is the recorder's.
 */

import { type Findings, NamespaceTally, type SchemaViolation } from "../config/findings.ts";

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

export interface ClientFacts {
  /** A browser or a system; `""` where it is not told, as with the others. */
  readonly platform: string;
  readonly platformVersion: string;
  readonly sdkName: string;
  readonly sdkVersion: string;
}

const namespacesMax = 100;
const violationsMax = 100;
const notesMax = 20;
const messagesMax = 25;

export class LogEntry implements Findings {
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
  /** Of a call to a data source by its name. */
  serviceName: string | undefined;
  /** 24 hex digits: the data source, as the admin API has it. */
  serviceId: string | undefined;
  /** What a client's library told of itself. */
  client: ClientFacts | undefined;
  /** Fields that entries of this type alone have, under the names of the admin API. No free text. */
  ownFields: Readonly<Record<string, unknown>> | undefined;
  /** Of a trigger. */
  trigger: { readonly id: string; readonly name: string } | undefined;

  /** What functions wrote to the console, a line each. */
  messages: readonly string[] | undefined;
  /** What roles did to documents, by namespace, `db.collection`. */
  tallies: Map<string, NamespaceTally> | undefined;
  /** What schemas did not let through. */
  violations: SchemaViolation[] | undefined;
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

  tallyOf(namespace: string): NamespaceTally {
    this.tallies ??= new Map();
    let tally = this.tallies.get(namespace);
    if (tally === undefined) {
      tally = new NamespaceTally();
      // A function may go through any number of namespaces.
      if (this.tallies.size < namespacesMax) this.tallies.set(namespace, tally);
    }
    return tally;
  }

  addViolations(violations: readonly SchemaViolation[]): void {
    this.violations ??= [];
    this.violations.push(...violations.slice(0, violationsMax - this.violations.length));
  }

  remark(text: string): void {
    this.notes ??= [];
    if (this.notes.length < notesMax && !this.notes.includes(text)) this.notes.push(text);
  }

  addRun({ logs, ms }: { readonly logs: readonly string[]; readonly ms: number }): void {
    this.functionMs += ms;
    if (logs.length === 0) return;
    const known = this.messages ?? [];
    this.messages = [...known, ...logs.slice(0, messagesMax - known.length)];
  }
}
