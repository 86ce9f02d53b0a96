/** For those who can hand a call's bound on (`maxTimeMS` of a MongoDB server): an `AbortSignal` itself does not tell. */
import { CallSignal } from "./call-signal.ts";

/** Whole milliseconds until the signal aborts, at least 1; undefined when that is not known. */
export function msLeft(signal: AbortSignal | undefined): number | undefined {
  if (!(signal instanceof CallSignal) || signal.endsAt === undefined) return undefined;
  return Math.max(1, Math.ceil(signal.endsAt - performance.now()));
}
