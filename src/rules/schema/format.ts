/** The texts that `format` knows. */
import { isIP } from "node:net";

type Test = (text: string) => boolean;

const date = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;
const time =
  /^(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;
const hostLabel = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const hostLengthMax = 253;
const addressLengthMax = 320;

export const formats: ReadonlyMap<string, Test> = new Map<string, Test>([
  ["date", isDate],
  ["time", (text) => time.test(text)],
  ["date-time", isDateTime],
  ["email", isEmail],
  ["hostname", isHostName],
  ["ipv4", (text) => isIP(text) === 4],
  ["ipv6", (text) => isIP(text) === 6],
  ["uri", (text) => /^[A-Za-z][A-Za-z0-9+.-]*:/.test(text) && URL.canParse(text)],
  ["uri-reference", (text) => URL.canParse(text, "http://localhost")],
  ["uuid", (text) => uuid.test(text)],
]);

function isDate(text: string): boolean {
  if (!date.test(text)) return false;
  const at = new Date(`${text}T00:00:00Z`);
  // A day too many is carried over into the next month.
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

function isDateTime(text: string): boolean {
  const separator = text[10];
  if (separator !== "T" && separator !== "t" && separator !== " ") return false;
  return isDate(text.slice(0, 10)) && time.test(text.slice(11));
}

function isEmail(text: string): boolean {
  const at = text.lastIndexOf("@");
  if (at < 1 || text.length > addressLengthMax || /\s/.test(text)) return false;
  return isHostName(text.slice(at + 1));
}

function isHostName(text: string): boolean {
  return text.length <= hostLengthMax && text.split(".").every((label) => hostLabel.test(label));
}
