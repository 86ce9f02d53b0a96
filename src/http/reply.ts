/**
 * Writing replies: the one place where a result or a failure becomes HTTP.
 *
 * @module
 */
import type { ActionResult } from "../actions/action.ts";
import { loggedMessageOf } from "../auth/reason.ts";
import type { OutputFormat } from "../bson/stringify.ts";
import { TextWriter } from "../bson/text-writer.ts";
import { bugText } from "../kit/bug-text.ts";
import { Fault, type FaultCode, faults } from "../kit/fault.ts";
import type { Log } from "../logs/log.ts";
import { discardRest } from "./body.ts";
import { type Coding, compress, compressedBytesMin, readAcceptEncoding } from "./compression.ts";
import type { Exchange } from "./exchange.ts";
import type { HeavyText } from "./heavy-text.ts";
import { contentTypeOf } from "./negotiation.ts";
import { writeDocuments, writeResult } from "./result-text.ts";

/** Beyond this size the copy costs more than the second write. */
const stringBytesMax = 16 * 1024;

export interface ResultReply {
  readonly status: number;
  readonly format: OutputFormat;
  readonly bytesMax: number;
  readonly heavyText: HeavyText;
}

/** Answers with an action's result. @throws what reading the result throws; nothing is sent then */
export async function replyWithResult(
  exchange: Exchange,
  result: ActionResult,
  { status, format, bytesMax, heavyText }: ResultReply,
): Promise<void> {
  const out = new TextWriter();
  if (result.kind === "documents")
    await writeDocuments(out, result, { format, bytesMax, heavyText, signal: exchange.signal });
  else await writeResult(out, result, { format, bytesMax, heavyText });
  const body = out.take();
  const headers = ["Content-Type", contentTypeOf[format]];
  if (result.isReplay === true) {
    headers.push("Idempotency-Replayed", "true");
    if (exchange.allowedOrigin !== undefined)
      headers.push("Access-Control-Expose-Headers", "Idempotency-Replayed");
  }
  await sendCompressed(exchange, status, headers, body);
}

/** Sends a body, in the coding that the client likes where that pays. */
export async function sendCompressed(
  exchange: Exchange,
  status: number,
  headers: string[],
  body: Buffer,
): Promise<void> {
  const coding = wantsCompressed(exchange, body.length);
  if (coding === undefined) {
    send(exchange, status, headers, body);
    return;
  }
  headers.push("Content-Encoding", coding, "Vary", "Accept-Encoding");
  send(exchange, status, headers, await compress(body, coding));
}

/** Faults whose body was, with the original, the message alone. */
export const bareFaults: ReadonlySet<FaultCode> = new Set(["AppNotFound", "EndpointNotFound"]);

/** Faults that a moment's wait may cure. */
export const passingFaults: ReadonlySet<FaultCode> = new Set([
  "TooManyRequests",
  "ServiceUnavailable",
]);

export interface FailureReply {
  /** Scheme, host and port that links begin with. */
  readonly baseUrl: string;
  readonly log: Log;
}

/** Answers with a failure; what is no `Fault` is a bug, logged and hidden from the client. */
export function replyWithFailure(exchange: Exchange, cause: unknown, reply: FailureReply): void {
  const { request } = exchange;
  const { entry } = exchange;
  const fault = cause instanceof Fault ? cause : hideBug(cause, exchange, reply.log);
  entry.error ??= loggedMessageOf(fault);
  entry.errorCode ??= fault.code;
  const link = `${reply.baseUrl}/console/logs?co_id=${entry.coId}`;
  const body = bareFaults.has(fault.code)
    ? { error: fault.message }
    : { error: fault.message, error_code: fault.code, link };
  const headers = ["Content-Type", "application/json"];
  if (passingFaults.has(fault.code))
    headers.push("Retry-After", String(fault.retryAfterSeconds ?? 1));
  send(exchange, faults[fault.code], headers, Buffer.from(JSON.stringify(body)));
  discardRest(request);
}

function hideBug(cause: unknown, exchange: Exchange, log: Log): Fault {
  log.write("error", "bug", {
    message: bugText(cause),
    co_id: exchange.entry.coId,
    method: exchange.request.method,
    app: exchange.appId,
  });
  return new Fault("InternalServerError", "internal server error");
}

function wantsCompressed(exchange: Exchange, length: number): Coding | undefined {
  if (length < compressedBytesMin) return undefined;
  return readAcceptEncoding(exchange.request.headers["accept-encoding"]);
}

/** Answers without a body. */
export function sendEmpty(exchange: Exchange, status: number, headers: readonly string[]): void {
  if (!exchange.claim()) return;
  exchange.response.writeHead(status, withOrigin(exchange, [...headers]));
  exchange.response.end();
}

/** Answers with a body. */
export function send(exchange: Exchange, status: number, headers: string[], body: Buffer): void {
  if (!exchange.claim()) return;
  const { response } = exchange;
  exchange.entry.responseBytes = body.length;
  headers.push("Content-Length", String(body.length));
  response.writeHead(status, withOrigin(exchange, headers));
  // As a Latin-1 string, the same bytes leave together with the headers in one write: a third less work on the socket.
  if (body.length <= stringBytesMax) response.end(body.toString("latin1"), "latin1");
  else response.end(body);
}

function withOrigin(exchange: Exchange, headers: string[]): string[] {
  const { allowedOrigin, entry } = exchange;
  headers.push("X-Request-Id", entry.coId);
  if (allowedOrigin === undefined) return headers;
  headers.push("Access-Control-Allow-Origin", allowedOrigin);
  if (allowedOrigin !== "*") headers.push("Vary", "Origin");
  return headers;
}
