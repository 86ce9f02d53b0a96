/**
 * Offsets of the tz database's zones, taken from `Intl` and remembered.
 *
 * Time is cut into spans of three days, fewer than lie between any two changes of a zone. The offset at both ends of a
 * span is asked once; where they differ, the change between them is found by bisection.
 */
import { daysOfCivil, secondsPerDay } from "./calendar.ts";

export interface ZoneOffsets {
  /** Seconds east of Greenwich. @param seconds since 1970, any integer */
  offsetAt(seconds: number): number;
  /** The last change at or before a moment, if it lies within the last three days; else -Infinity. */
  changeBefore(seconds: number): number;
  /** Whether daylight-saving time is in force. Slow. */
  isDaylightSaving(seconds: number): boolean;
}

const spanSeconds = 2 ** 18;
/** Some thirty years. */
const spansMax = 4096;

/** No zone changed before: they all have local mean time. */
const earliest = daysOfCivil(1800, 1, 1) * secondsPerDay;
/** From here on the rules of each zone repeat every 400 years. */
const latest = daysOfCivil(2500, 1, 1) * secondsPerDay;
const cycle = 146_097 * secondsPerDay;

interface Span {
  readonly offset: number;
  /** When `offset` begins to hold; before it is `earlier`. -Infinity: all the span. */
  readonly change: number;
  readonly earlier: number;
}

export function createZoneOffsets(name: string): ZoneOffsets {
  const format = new Intl.DateTimeFormat("en-US", { timeZone: name, timeZoneName: "longOffset" });
  const ask = (seconds: number): number => readOffset(format.format(seconds * 1000));
  const spans = new Map<number, Span>();

  const spanAt = (seconds: number): Span => {
    const index = Math.floor(seconds / spanSeconds);
    const known = spans.get(index);
    if (known !== undefined) return known;
    const start = index * spanSeconds;
    const earlier = spans.get(index - 1)?.offset ?? ask(start - 1);
    const offset = ask(start + spanSeconds - 1);
    const change =
      offset === earlier ? -Infinity : bisect(ask, earlier, start - 1, start + spanSeconds - 1);
    const span = { offset, change, earlier };
    if (spans.size >= spansMax) spans.clear();
    spans.set(index, span);
    return span;
  };

  return {
    offsetAt(seconds): number {
      const near = intoRange(seconds);
      const span = spanAt(near);
      return near >= span.change ? span.offset : span.earlier;
    },
    changeBefore(seconds): number {
      const near = intoRange(seconds);
      const far = seconds - near;
      const here = spanAt(near);
      if (here.change <= near && here.change !== -Infinity) return here.change + far;
      return spanAt(near - spanSeconds).change + far;
    },
    isDaylightSaving(seconds): boolean {
      const names = new Intl.DateTimeFormat("en-US", { timeZone: name, timeZoneName: "long" });
      return /\b(?:Daylight|Summer)\b/.test(names.format(intoRange(seconds) * 1000));
    },
  };
}

function intoRange(seconds: number): number {
  if (seconds < earliest) return earliest;
  return seconds < latest ? seconds : latest - cycle + ((seconds - latest) % cycle);
}

/** The first second after `from` whose offset is another one. */
function bisect(
  ask: (seconds: number) => number,
  earlier: number,
  from: number,
  until: number,
): number {
  let low = from;
  let high = until;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (ask(middle) === earlier) low = middle;
    else high = middle;
  }
  return high;
}

const offsetForm = /GMT(?:([+-])(\d+):(\d+)(?::(\d+))?)?$/;

/** Reads the end of a text like `5/6/1880, GMT-04:56:02`. */
function readOffset(text: string): number {
  const match = offsetForm.exec(text);
  if (match === null) throw new TypeError(`no offset in ${text}`);
  const size = Number(match[2] ?? 0) * 3600 + Number(match[3] ?? 0) * 60 + Number(match[4] ?? 0);
  return match[1] === "-" ? -size : size;
}
