/** What is counted of requests, added up. */
import { durationBoundsMs } from "./durations.ts";

export interface Sums {
  succeeded: number;
  failed: number;
  /** Time × memory, in byte-milliseconds. */
  computeByteMs: number;
  egressBytes: number;
  /** Of all requests together, in milliseconds. */
  responseMs: number;
  logins: number;
  /** Requests between two of `durationBoundsMs`; the last: above all of them. */
  readonly durations: number[];
}

/** Adds sums to others. */
export function addSums(to: Sums, more: Sums): void {
  to.succeeded += more.succeeded;
  to.failed += more.failed;
  to.computeByteMs += more.computeByteMs;
  to.egressBytes += more.egressBytes;
  to.responseMs += more.responseMs;
  to.logins += more.logins;
  for (const [place, count] of more.durations.entries())
    to.durations[place] = (to.durations[place] ?? 0) + count;
}

export function emptySums(): Sums {
  return {
    succeeded: 0,
    failed: 0,
    computeByteMs: 0,
    egressBytes: 0,
    responseMs: 0,
    logins: 0,
    durations: Array.from({ length: durationBoundsMs.length + 1 }, () => 0),
  };
}
