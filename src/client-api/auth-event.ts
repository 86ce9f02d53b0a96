/** What the log says of a login, a registration and their like. */
import { Fault } from "../kit/fault.ts";
import type { IssuedSession } from "../auth/sessions.ts";
import type { Doc } from "../bson/doc.ts";
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

/** The same for what ends with a session: the entry is its user's. */
export async function notingSession(
  entry: LogEntry,
  event: { readonly type: string; readonly provider: string },
  work: () => Promise<IssuedSession>,
): Promise<IssuedSession> {
  const session = await noting(entry, event, work);
  entry.userId = session.userId;
  return session;
}

const textLengthMax = 128;

/** Notes what a client's library told of itself, `options.device` of a login. */
export function noteDevice(entry: LogEntry, device: Doc | undefined): void {
  if (device === undefined) return;
  const text = (name: string): string => {
    const value = device.get(name);
    return typeof value === "string" ? value.slice(0, textLengthMax) : "";
  };
  entry.client = {
    platform: text("platform"),
    platformVersion: text("platformVersion"),
    // The one for browsers is the only one that does not say its name.
    sdkName: text("sdk") || "Realm Web",
    sdkVersion: text("sdkVersion"),
  };
}

function reasonOf(cause: unknown): string | undefined {
  if (cause instanceof Error) return cause.message;
  return typeof cause === "string" ? cause : undefined;
}
