/** Dates and durations as the admin API takes them in queries. */
import { Fault } from "../kit/fault.ts";

const isDate = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+ -]\d\d:?\d\d)?)?$/;

/** @returns milliseconds since 1970 @throws {Fault} `InvalidParameter` */
export function readDate(name: string, text: string): number {
  // A plus sign that was not encoded arrives as a space.
  const ms = isDate.test(text) ? Date.parse(text.replace(" ", "+")) : Number.NaN;
  if (Number.isNaN(ms)) throw new Fault("InvalidParameter", `${name} must be an ISO 8601 date`);
  return ms;
}

const isDuration =
  /^P(?:(\d{1,5})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,7})S)?)?$/;
const unitsMs: readonly number[] = [604_800_000, 86_400_000, 3_600_000, 60_000, 1000];

/** Weeks, days and times; months and years have no one length. @returns milliseconds @throws {Fault} `InvalidParameter` */
export function readDuration(name: string, text: string): number {
  const counts = isDuration.exec(text)?.slice(1) ?? [];
  const ms = counts.reduce((sum, count, at) => sum + Number(count ?? 0) * (unitsMs[at] ?? 0), 0);
  if (ms > 0) return ms;
  throw new Fault("InvalidParameter", `${name} must be an ISO 8601 duration as in PT1H or P1D`);
}
