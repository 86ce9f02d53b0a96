/** `tojson` and its kin, which print values as MongoDB's shell does. */

/** Values up to this length stand in one line. */
const lineLengthMax = 80;

/** @param isOneLine also where it gets long */
export function tojson(value: unknown, indent = "", isOneLine = false): string {
  if (value === null) return "null";
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "number":
    case "boolean":
    case "undefined":
      return String(value === 0 ? 0 : value);
    case "object":
    case "function":
      return printObject(value, indent, isOneLine);
    default:
      throw new Error(`tojson can't handle type ${typeof value}`);
  }
}

export function tojsononeline(value: unknown): string {
  return tojson(value, " ", true);
}

function printObject(value: object, indent: string, isOneLine: boolean): string {
  const { tojson: own } = value as { readonly tojson?: unknown };
  if (typeof own === "function") return String(Reflect.apply(own, value, [indent, isOneLine]));
  if (typeof value === "function") return String(value);
  if (value instanceof Date) return printDate(value);
  if (value instanceof RegExp) return String(value);
  const text = Array.isArray(value)
    ? printArray(value, indent, isOneLine)
    : printFields(value, indent, isOneLine);
  const isShort = !isOneLine && indent === "" && text.length < lineLengthMax;
  return isShort ? text.replace(/[\t\r\n]+/g, " ") : text;
}

function printDate(date: Date): string {
  if (Number.isNaN(date.getTime())) return 'ISODate("0NaN-NaN-NaNTNaN:NaN:NaNZ")';
  return `ISODate("${date.toISOString().replace(".000Z", "Z")}")`;
}

function printArray(array: readonly unknown[], indent: string, isOneLine: boolean): string {
  if (array.length === 0) return "[ ]";
  const [end, inner] = isOneLine ? [" ", ""] : ["\n", `${indent}\t`];
  const items = array.map((each) => inner + tojson(each, inner, isOneLine));
  return `[${end}${items.join(`,${end}`)}${end}${isOneLine ? "" : indent}]`;
}

function printFields(value: object, indent: string, isOneLine: boolean): string {
  const [end, inner] = isOneLine ? [" ", indent] : ["\n", `${indent}\t`];
  const fields: string[] = [];
  // Inherited ones too.
  for (const key in value) {
    const field: unknown = (value as Readonly<Record<string, unknown>>)[key];
    fields.push(`${inner}"${key}" : ${tojson(field, inner, isOneLine)}`);
  }
  const outer = isOneLine ? indent.slice(1) : indent;
  const body = fields.length === 0 ? "" : `${fields.join(`,${end}`)}${end}`;
  return `{${end}${body}${outer}}`;
}
