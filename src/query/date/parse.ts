/** Texts to dates. */
import { type DateTime, toDateTime } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { daysOfCivil, millisecondsOf, type Moment, msPerDay, toMoment } from "./calendar.ts";
import { parseByFormat } from "./parse-format.ts";
import { parseText } from "./parse-text.ts";
import { conversionFailure, isValidDate, type ParsedTime, throwProblems } from "./parsed-time.ts";
import { applyRelative, createRelativeTime, type RelativeTime } from "./relative-time.ts";
import { fixedZone, utc, type Zone } from "./zone.ts";

/** Reading without a format looks again at most characters it has seen: this bounds it. */
const textMax = 1000;

/** By far the most texts: ISO 8601 with `T`, in UTC or without a zone. */
const isoForm = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?(Z?))?$/;

/**
 * Reads a date.
 *
 * @param options.format as `checkParseFormat` lets pass; without one, any of the many forms that a mongod knows
 * @param options.zone of a text that names none; default UTC
 * @throws {MongoError} 241 `ConversionFailure` when the text is no date, or names a zone beside `options.zone`
 */
export function parseDate(
  text: string,
  { format, zone = utc }: { readonly format?: string | undefined; readonly zone?: Zone } = {},
): DateTime {
  if (format !== undefined) return finish(text, parseByFormat(text, format), zone);
  if (zone === utc) {
    const simple = parseIso(text);
    if (simple !== undefined) return simple;
  }
  if (text.length > textMax)
    throw conversionFailure(`Error parsing date string '${text.slice(0, textMax)}...'; too long`);
  const time = parseText(text);
  return finish(text, time, zone, time.relative);
}

function parseIso(text: string): DateTime | undefined {
  const match = isoForm.exec(text);
  if (match === null) return undefined;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const time = msOfClock(Number(match[4] ?? 0), Number(match[5] ?? 0), Number(match[6] ?? 0));
  const fraction = match[7] ?? "";
  if (!isValidDate({ year, month, day }) || time === undefined) return undefined;
  // Before 1970 fractions of milliseconds round up: not worth a shortcut.
  if (year < 1970 && fraction.length > 3) return undefined;
  const ms = Number(fraction.slice(0, 3).padEnd(3, "0"));
  return toDateTime(daysOfCivil(year, month, day) * msPerDay + time + ms);
}

function msOfClock(hour: number, minute: number, second: number): number | undefined {
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  return hour * 3_600_000 + minute * 60_000 + second * 1000;
}

function finish(
  text: string,
  time: ParsedTime,
  zone: Zone,
  relative: RelativeTime = createRelativeTime(),
): DateTime {
  throwProblems(text, time);
  if (time.hour === undefined && time.minute === undefined && time.second === undefined)
    Object.assign(time, { hour: 0, minute: 0, second: 0, microsecond: 0 });
  const { year, month, day, hour, minute, second } = time;
  if (
    year === undefined ||
    month === undefined ||
    day === undefined ||
    hour === undefined ||
    minute === undefined ||
    second === undefined
  )
    throw conversionFailure(
      `an incomplete date/time string has been found, with elements missing: "${text}"`,
    );
  if (!zone.isUtc) refuseZone(time);
  const whole = (hour * 3600 + minute * 60 + second) * 1_000_000;
  const moved = applyRelative({ year, month, day }, whole, relative);
  const wholeSeconds = Math.floor(moved.microseconds / 1_000_000);
  const rest = moved.microseconds - wholeSeconds * 1_000_000 + (time.microsecond ?? unset);
  const local = toMoment(moved.days, wholeSeconds * 1000);
  const there = time.zone === undefined ? zone : fixedZone(time.zone.offset);
  return toDate(there.toUtc(local), rest);
}

/** Where a time has no fraction set, not even zero, the server takes its mark for that as a number. */
const unset = -99_999;

/** Microseconds are cut towards 1970, as the server does. */
function toDate(moment: Moment, microseconds: number): DateTime {
  const total = millisecondsOf(moment);
  if (moment.days >= 0) return toInt64(total, Math.floor(microseconds / 1000));
  return toInt64(total, Math.ceil(microseconds / 1000));
}

function toInt64(whole: number | bigint, rest: number): DateTime {
  const sum = BigInt(whole) + BigInt(rest);
  if (BigInt.asIntN(64, sum) !== sum)
    throw new MongoError(
      159,
      "Overflow casting from a lower-precision duration to a higher-precision duration",
    );
  return toDateTime(sum);
}

function refuseZone({ zone }: ParsedTime): void {
  if (zone === undefined) return;
  if (zone.abbreviation === undefined)
    throw conversionFailure(
      "you cannot pass in a date/time string with GMT offset together with a timezone argument",
    );
  throw conversionFailure(
    `you cannot pass in a date/time string with time zone information ('${zone.abbreviation}') together with a timezone argument`,
  );
}
