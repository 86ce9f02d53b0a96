/**
 * When a signal is going to abort, for those who can hand the bound on (`maxTimeMS` of a MongoDB server).
 *
 * An `AbortSignal` does not tell; whoever makes one with a deadline notes it here.
 */

const ends = new WeakMap<AbortSignal, number>();

/** Notes that the signal aborts at that time, in milliseconds of `performance.now()`. @returns the signal */
export function noteDeadline(signal: AbortSignal, endsAt: number): AbortSignal {
  ends.set(signal, endsAt);
  return signal;
}

/** Whole milliseconds until the signal aborts, at least 1; undefined when that is not known. */
export function msLeft(signal: AbortSignal | undefined): number | undefined {
  const endsAt = signal === undefined ? undefined : ends.get(signal);
  return endsAt === undefined ? undefined : Math.max(1, Math.ceil(endsAt - performance.now()));
}
