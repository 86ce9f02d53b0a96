/** What the driver throws → what a data source throws. */
import { Fault } from "../../kit/fault.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import type { Driver } from "./driver.ts";

/** Codes with which a server says that it can not serve now; the driver has tried again by then. */
const unavailable: ReadonlySet<number> = new Set([
  6, 7, 89, 91, 133, 189, 9001, 10_058, 10_107, 11_600, 11_602, 13_435, 13_436,
]);

/** Names of the driver's errors that say that no server could be reached, or that the connection broke. */
const unreachable: ReadonlySet<string> = new Set([
  "MongoServerSelectionError",
  "MongoNetworkError",
  "MongoNetworkTimeoutError",
  "MongoTopologyClosedError",
  "MongoServerClosedError",
  "MongoNotConnectedError",
  "MongoClientClosedError",
  "MongoConnectionPoolClosedError",
  "MongoPoolClosedError",
  "MongoPoolClearedError",
  "MongoWaitQueueTimeoutError",
  "MongoOperationTimeoutError",
  "MongoUnexpectedServerResponseError",
]);

/** Codes of authentication and authorization before any command ran: the operator's to mend, not the client's. */
const notAllowedIn: ReadonlySet<number> = new Set([18, 8000]);

export function unavailableFault(source: string, cause?: unknown): Fault {
  return new Fault("ServiceUnavailable", `data source '${source}' can not be reached`, { cause });
}

/**
 * Turns what the driver threw into a `MongoError` with the server's code and wording, or a `Fault`
 * `ServiceUnavailable`; hands on what is neither.
 */
export function toFailure(
  error: unknown,
  driver: Driver,
  source: string,
  signal: AbortSignal | undefined,
): unknown {
  if (signal?.aborted === true) return abortReason(signal);
  if (!(error instanceof Error)) return error;
  // The driver's advice on what it takes for an old engine, in place of the server's own words.
  const { originalError } = error as { readonly originalError?: unknown };
  if (originalError instanceof driver.MongoServerError)
    return toFailure(originalError, driver, source, signal);
  if (error instanceof driver.MongoServerError) {
    const code = Number(error.code ?? 1);
    if (unavailable.has(code) || notAllowedIn.has(code)) return unavailableFault(source, error);
    return new MongoError(code, error.message, { cause: error });
  }
  const isDriverError = error instanceof driver.MongoError;
  // Not the driver's: DNS, a socket, TLS.
  const isSystemError = typeof (error as NodeJS.ErrnoException).syscall === "string";
  if (unreachable.has(error.name) || isSystemError) return unavailableFault(source, error);
  return isDriverError ? new MongoError(1, error.message, { cause: error }) : error;
}

/** As `kit/pacer.ts` has it: a deadline is MongoDB's own failure, everything else the canceller's. */
export function abortReason(signal: AbortSignal): unknown {
  const reason: unknown = signal.reason;
  if (reason instanceof DOMException && reason.name === "TimeoutError")
    return new MongoError(50, "operation exceeded time limit");
  return reason;
}

/** Whether the same work may succeed a moment later: nothing of it has happened. */
export function isTransient(error: unknown): boolean {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return hasLabel(cause, "TransientTransactionError");
}

export function hasLabel(error: unknown, label: string): boolean {
  const labels = (error as { readonly errorLabels?: readonly string[] } | undefined)?.errorLabels;
  return labels?.includes(label) === true;
}
