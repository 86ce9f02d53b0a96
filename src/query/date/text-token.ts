/** One piece of the text of a date, and what all readers of such pieces share. */
import type { ParsedTime } from "./parsed-time.ts";
import type { RelativeTime } from "./relative-time.ts";
import { readZone, type TextCursor, zoneRefused } from "./text-cursor.ts";

export interface FreeTime extends ParsedTime {
  readonly relative: RelativeTime;
  hasSecondZone: boolean;
}

export interface Token {
  readonly cursor: TextCursor;
  readonly time: FreeTime;
  /** Notes a problem at the token's place. */
  readonly report: (message: string) => void;
  /** Notes one of those that are told last. */
  readonly warn: (message: string) => void;
}

export type Act = (token: Token) => void;

/** Whether the time of day may be set: it must not have been before. */
export function takesTime({ time, report }: Token): boolean {
  if (time.hasTime) {
    report("Double time specification");
    return false;
  }
  resetTime(time, true);
  return true;
}

/** Whether the date may be set: it must not have been before. */
export function takesDate({ time, report }: Token): boolean {
  if (time.hasDate) {
    report("Double date specification");
    return false;
  }
  time.hasDate = true;
  return true;
}

/** Puts the clock to midnight. */
export function resetTime(time: FreeTime, hasTime: boolean): void {
  Object.assign(time, { hasTime, hour: 0, minute: 0, second: 0, microsecond: 0 });
}

/** Reads a zone if there is more in the token. */
export function readRest(token: Token): void {
  if (token.cursor.at >= token.cursor.text.length) return;
  if (token.time.hasZone) {
    reportSecondZone(token);
    return;
  }
  token.time.hasZone = true;
  readZoneOf(token);
}

/** The same where a further zone is let pass. */
export function readZoneOf({ cursor, time, report }: Token): void {
  if (cursor.at >= cursor.text.length) return;
  const zone = readZone(cursor);
  if (zone === undefined) report(zoneRefused);
  else time.zone = zone;
}

/** The first zone too many is reported after all other problems. */
export function reportSecondZone({ time, report, warn }: Token): void {
  const message = "Double timezone specification";
  if (time.hasSecondZone) report(message);
  else warn(message);
  time.hasSecondZone = true;
}
