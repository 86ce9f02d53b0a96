/** What the log says of a login, a registration and their like. */
import { Fault } from "../kit/fault.ts";
import type { LogEntry } from "../logs/log-entry.ts";

/** Does the work and notes how it ended: why somebody was not believed is for the log alone. */
export async function noting<T>(
  entry: LogEntry,
  event: { readonly type: string; readonly provider: string },
  work: () => Promise<T>,
): Promise<T> {
  entry.type = "AUTH";
  entry.authEvent = { ...event, failed: true };
  try {
    const done = await work();
    entry.authEvent = { ...event, failed: false };
    entry.isAuthorized = true;
    return done;
  } catch (cause) {
    if (cause instanceof Fault) entry.authFailure = reasonOf(cause.cause);
    throw cause;
  }
}

function reasonOf(cause: unknown): string | undefined {
  if (cause instanceof Error) return cause.message;
  return typeof cause === "string" ? cause : undefined;
}
