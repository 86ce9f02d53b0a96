/** Operators on dates. */
import { Double, ObjectId, Timestamp, type Value } from "../../../src/bson/value.ts";
import { named, type MakeSpecial, type Special } from "./named.ts";
import { dates } from "./value.ts";

const units = [
  "year",
  "quarter",
  "month",
  "week",
  "day",
  "hour",
  "minute",
  "second",
  "millisecond",
];
const zones = [
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "Asia/Kathmandu",
  "+05:30",
  "-03",
  "+0200",
  "GMT",
  "Nowhere/Land",
  "",
];
const weekdays = ["monday", "sun", "Friday", "sat", "TUESDAY", "nope"];
const formats = [
  "%Y-%m-%d",
  "%Y-%m-%dT%H:%M:%S.%LZ",
  "%d.%m.%Y %H:%M",
  "%G-W%V-%u",
  "%j/%Y",
  "%w %U %z %Z %%",
  "text",
  "%q",
  "%",
];
const dateTexts = [
  "2020-02-29T12:34:56.789Z",
  "2020-02-29",
  "2021-03-04 05:06:07",
  "2021-03-04T05:06:07+02:00",
  "20210304T050607Z",
  "04.03.2021 05:06",
  "2021-W09-4",
  "063/2021",
  "2021-13-45",
  "tomorrow",
  "",
  "1/2/2021",
  "Mar 4 2021",
];

/** An instant: a date, or what is taken for one. */
const instant: MakeSpecial = ({ random, of }, depth) => {
  const roll = random.next();
  if (roll < 0.55) return of("t", depth);
  if (roll < 0.8) return random.pick(dates);
  return roll < 0.9 ? new ObjectId(0x5e5a_0000, 1, 2) : new Timestamp(1_583_020_800, 1);
};
const zone: MakeSpecial = ({ random, of }, depth) =>
  random.chance(0.93) ? random.pick(zones) : of("s", depth);
const unit: MakeSpecial = ({ random, of }, depth) =>
  random.chance(0.94) ? random.pick(units) : of("s", depth);
const weekday: MakeSpecial = ({ random }) => random.pick(weekdays);
const amount: MakeSpecial = ({ random, of }, depth) =>
  random.chance(0.8)
    ? random.pick<Value>([0, 1, -1, 5, 100n, new Double(2), 2n ** 40n, -13])
    : of("i", depth);
const part =
  (...values: readonly Value[]): MakeSpecial =>
  ({ random, of }, depth) =>
    random.chance(0.9) ? random.pick(values) : of("n", depth);

/** A date alone, in a list, or with a time zone. */
const dateOrZoned: MakeSpecial = (maker, depth) => {
  const roll = maker.random.next();
  if (roll < 0.4) return instant(maker, depth);
  if (roll < 0.5) return [instant(maker, depth)];
  return named({ date: instant }, { timezone: zone })(maker, depth);
};

const hours = part(0, 5, 23, 24, -1, 100, new Double(3));
const minutes = part(0, 30, 60, -1);
const fromParts: MakeSpecial = (maker, depth) => {
  const time = {
    hour: hours,
    minute: minutes,
    second: minutes,
    millisecond: part(0, 999, 1000, -1),
    timezone: zone,
  };
  const isIso = maker.random.chance(0.3);
  const year = part(2020, 1999, 1, 9999, 0, 10_000, 2021n, new Double(2000));
  if (isIso)
    return named(
      { isoWeekYear: year },
      { isoWeek: part(1, 53, 54, 0), isoDayOfWeek: part(1, 7, 8), ...time },
    )(maker, depth);
  return named(
    { year },
    { month: part(1, 2, 12, 13, 0, -1), day: part(1, 29, 31, 32, 0), ...time },
  )(maker, depth);
};

const parts = [
  "$dayOfMonth",
  "$dayOfWeek",
  "$dayOfYear",
  "$hour",
  "$isoDayOfWeek",
  "$isoWeek",
  "$isoWeekYear",
  "$millisecond",
  "$minute",
  "$month",
  "$second",
  "$week",
  "$year",
];

export const dateSpecials: readonly (readonly [string, Special])[] = [
  ...parts.map((name) => [name, { gives: "n", make: dateOrZoned }] as const),
  [
    "$dateAdd",
    { gives: "t", make: named({ startDate: instant, unit, amount }, { timezone: zone }) },
  ],
  [
    "$dateSubtract",
    { gives: "t", make: named({ startDate: instant, unit, amount }, { timezone: zone }) },
  ],
  [
    "$dateDiff",
    {
      gives: "n",
      make: named(
        { startDate: instant, endDate: instant, unit },
        { timezone: zone, startOfWeek: weekday },
      ),
    },
  ],
  ["$dateFromParts", { gives: "t", make: fromParts }],
  [
    "$dateFromString",
    {
      gives: "t",
      make: named(
        {
          dateString: ({ random, of }, depth) =>
            random.chance(0.85) ? random.pick(dateTexts) : of("s", depth),
        },
        { format: ({ random }) => random.pick(formats), timezone: zone, onError: "v", onNull: "v" },
      ),
    },
  ],
  [
    "$dateToParts",
    {
      gives: "o",
      make: named(
        { date: instant },
        { timezone: zone, iso8601: ({ random }) => random.chance(0.5) },
      ),
    },
  ],
  [
    "$dateToString",
    {
      gives: "s",
      make: named(
        { date: instant },
        { format: ({ random }) => random.pick(formats), timezone: zone, onNull: "v" },
      ),
    },
  ],
  [
    "$dateTrunc",
    {
      gives: "t",
      make: named(
        { date: instant, unit },
        { binSize: amount, timezone: zone, startOfWeek: weekday },
      ),
    },
  ],
];
