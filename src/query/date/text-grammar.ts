/**
 * The forms of dates and times that a text without a format may hold, as patterns.
 *
 * They are those of the library that a mongod uses (timelib, PHP's): https://www.php.net/manual/datetime.formats.php.
 * Within a pattern, alternatives that may match more come first.
 */

/** The same text in upper and lower case. */
function anyCase(text: string): string {
  return text.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}

function anyOf(words: string): string {
  return `(?:${words.split(" ").map(anyCase).join("|")})`;
}

const space = "[ \\t]+";
const hour24 = "(?:2[0-4]|[01]?\\d)";
const hour24lz = "(?:2[0-4]|[01]\\d)";
const hour12 = "(?:1[0-2]|0?[1-9])";
const minute = "(?:[0-5]?\\d)";
const minutelz = "(?:[0-5]\\d)";
const second = "(?:60|[0-5]?\\d)";
const secondlz = "(?:60|[0-5]\\d)";
const fraction = "(?:\\.\\d+)";
/** The end of the text is a NUL. */
const meridian = "(?:[AaPp]\\.?[Mm]\\.?[\\0\\t ])";
const zoneName = "(?:[A-Z][a-z]+(?:[_/-][A-Za-z]+)+|\\(?[A-Za-z]{1,6}\\)?)";
const zoneOffset = `(?:(?:GMT)?[+-](?:${hour24lz}:${minutelz}:${secondlz}|${hour24lz}${minutelz}${secondlz}|${hour24}(?::?${minute})?))`;

const month = "(?:1[0-2]|0?\\d)";
const monthlz = "(?:1[0-2]|0\\d)";
const day = "(?:(?:3[01]|[0-2]?\\d)(?:st|nd|rd|th)?)";
const daylz = "(?:3[01]|[0-2]\\d)";
const year = "\\d{1,4}";
const year4 = "\\d{4}";
const dayOfYear = "(?:00[1-9]|0[1-9]\\d|[12]\\d\\d|3[0-5]\\d|36[0-6])";
const week = "(?:0[1-9]|[1-4]\\d|5[0-3])";
const monthFull = anyOf(
  "january february march april may june july august september october november december",
);
const monthShort = anyOf("jan feb mar apr may jun jul aug sept sep oct nov dec");
const monthRoman = "(?:VIII|VII|VI|IV|IX|V|III|II|I|XII|XI|X)";
const monthText = `(?:${monthFull}|${monthShort}|${monthRoman})`;
const dayName =
  "(?:(?:" +
  anyOf("sunday monday tuesday wednesday thursday friday saturday") +
  "[sS]?)|" +
  anyOf("sun mon tue wed thu fri sat") +
  ")";
const dayText = `(?:${anyOf("weekdays weekday")}|${dayName})`;

const timeshort24 = `[tT]?${hour24}[:.]${minute}`;
const timelong24 = `${timeshort24}[:.]${second}`;
const timezoned = `${timeshort24}[:.]${secondlz}(?:${space})?(?:${zoneOffset}|${zoneName})`;
const timeshort12 = `${hour12}[:.]${minutelz}(?:${space})?${meridian}`;
const timelong12 = `${hour12}[:.]${minute}[:.]${secondlz}(?:${space})?${meridian}`;
const datenoyear = `${monthText}[ .\\t-]*${day}(?:[,.stndrh\\t ]+|\\0)`;

const ordinals = anyOf(
  "first second third fourth fifth sixth seventh eighth eight ninth tenth eleventh twelfth",
);
const directions = anyOf("next last previous this");
const unit = `(?:${anyOf("millisecond microsecond msec usec second sec minute min hour day fortnight forthnight month year")}[sS]?|${anyOf("weeks ms")}|${dayText})`;

/** Name of the form → its patterns. The longest match counts; of equally long ones the first. */
export const grammar: readonly (readonly [form: string, ...patterns: string[]])[] = [
  ["yesterday", anyCase("yesterday")],
  ["now", anyCase("now")],
  ["noon", anyCase("noon")],
  ["today", anyOf("midnight today")],
  ["tomorrow", anyCase("tomorrow")],
  ["timestamp", "@-?\\d+"],
  ["timestampFraction", "@-?\\d+\\.\\d{0,6}"],
  ["edgeOf", anyOf("first~day~of last~day~of").replaceAll("~", " ")],
  [
    "aroundHour",
    `${anyOf("back front")}[ ]${anyCase("of")}[ ]${hour24}(?:(?:${space})?${meridian})?`,
  ],
  ["weekdayOf", `(?:${ordinals}|${directions})${space}${dayName}${space}${anyCase("of")}`],
  ["time12", `${hour12}(?:${space})?${meridian}`, timeshort12, timelong12],
  ["time12Fraction", `${hour12}:${minutelz}:${secondlz}[:.]\\d+${meridian}`],
  ["time24", `[tT]${hour24}`, timeshort24, timelong24, `${timelong24}${fraction}`],
  ["timeOrYear", `[tT]?${hour24lz}${minutelz}`],
  ["timeDigits", `[tT]?${hour24lz}${minutelz}${secondlz}`],
  ["american", `${month}/${day}`, `${month}/${day}/${year}`],
  [
    "isoDate",
    `[+-]?${year4}-${monthlz}-${daylz}`,
    `${year4}/${monthlz}/${daylz}/?`,
    `${year4}/${month}/${day}`,
  ],
  ["shortIsoDate", `\\d{2}-${monthlz}-${daylz}`],
  ["longIsoDate", `[+-]\\d{5,19}-${monthlz}-${daylz}`],
  ["yearMonth", `${year4}-${month}`],
  ["shortIsoDate", `${year}-${month}-${day}`],
  ["dayMonthNameYear", `${day}[ \\t.-]*${monthText}[ \\t.-]*${year}`],
  ["dayMonthYear", `${day}[.\\t-]${month}[.-]${year4}`],
  ["dayMonthShortYear", `${day}[.\\t]${month}\\.\\d{2}`],
  ["monthNameYear", `${monthText}[ .\\t-]*${year4}`],
  ["yearMonthName", `${year4}[ .\\t-]*${monthText}`],
  ["monthNameDay", `${monthText}[ .\\t-]*${day}[,.stndrh\\t ]+${year}`, datenoyear],
  ["dayMonthName", `${day}[ .\\t-]*${monthText}`],
  ["dateDigits", `${year4}${monthlz}${daylz}`],
  [
    "dateTime",
    `${year4}${monthlz}${daylz}T${hour24}:${minutelz}:${secondlz}`,
    `${year4}${monthlz}${daylz}[tT]${hour24}${minutelz}${secondlz}`,
    `${year4}-${monthlz}-${daylz}T${hour24lz}:${minutelz}:${secondlz}${fraction}${zoneOffset}?`,
    `${year4}-${month}-${day}T${hour24}:${minute}:${second}`,
    `${year4}:${monthlz}:${daylz} ${hour24lz}:${minutelz}:${secondlz}`,
  ],
  ["yearDay", `${year4}[.-]?${dayOfYear}`],
  ["isoWeekDay", `${year4}-?W${week}-?[0-7]`],
  ["isoWeek", `${year4}-?W${week}`],
  ["monthNameDay", `${monthShort}-${daylz}-${year}`],
  ["yearMonthNameDay", `${year}-${monthShort}-${daylz}`],
  [
    "logDate",
    `${day}/${monthShort}/${year4}:${hour24lz}:${minutelz}:${secondlz}${space}${zoneOffset}`,
  ],
  ["year", year4],
  ["ago", anyCase("ago")],
  ["weekday", dayText],
  ["relativeWeek", `${directions}${space}${anyCase("week")}`],
  ["relativeText", `(?:${ordinals}|${directions})${space}${unit}`],
  ["monthName", monthFull, monthShort],
  ["zone", zoneOffset, zoneName],
  ["monthNameDayTime12", `${datenoyear}${timeshort12}`, `${datenoyear}${timelong12}`],
  [
    "monthNameDayTime",
    `${datenoyear}${timeshort24}`,
    `${datenoyear}${timelong24}`,
    `${datenoyear}${timezoned}`,
  ],
  ["relative", `[+-]*[ \\t]*\\d{1,13}(?:${space})?(?:${unit}|${anyCase("week")})`],
  ["blank", "[ .,\\t\\n\\0]"],
];
