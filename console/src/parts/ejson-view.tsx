/** Values with their types told apart: as text, whatever they hold. */
import { Text } from "@mantine/core";
import type { ReactNode } from "react";

export interface Shown {
  readonly type: string;
  readonly text: string;
  readonly color: string;
}

const shortMax = 400;

const wrappers: ReadonlyMap<string, (inner: unknown) => Shown> = new Map<
  string,
  (inner: unknown) => Shown
>([
  ["$oid", (inner) => shown("ObjectId", String(inner), "grape")],
  ["$numberInt", (inner) => shown("Int32", String(inner), "orange")],
  ["$numberLong", (inner) => shown("Int64", String(inner), "orange")],
  ["$numberDouble", (inner) => shown("Double", String(inner), "orange")],
  ["$numberDecimal", (inner) => shown("Decimal128", String(inner), "orange")],
  ["$date", (inner) => shown("Date", dateText(inner), "teal")],
  ["$binary", (inner) => shown("Binary", binaryText(inner), "gray")],
  ["$uuid", (inner) => shown("UUID", String(inner), "grape")],
  ["$timestamp", (inner) => shown("Timestamp", JSON.stringify(inner), "teal")],
  ["$regularExpression", (inner) => shown("Regex", regexText(inner), "red")],
  ["$code", (inner) => shown("Code", String(inner), "red")],
  ["$symbol", (inner) => shown("Symbol", String(inner), "blue")],
  ["$minKey", () => shown("MinKey", "MinKey", "gray")],
  ["$maxKey", () => shown("MaxKey", "MaxKey", "gray")],
  ["$undefined", () => shown("Undefined", "undefined", "gray")],
  ["$dbPointer", (inner) => shown("DBPointer", JSON.stringify(inner), "grape")],
]);

function shown(type: string, text: string, color: string): Shown {
  return { type, text, color };
}

function dateText(inner: unknown): string {
  const ms =
    typeof inner === "object" && inner !== null
      ? Number(Object.values(inner)[0])
      : Date.parse(String(inner));
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? `${ms} ms` : date.toISOString();
}

function binaryText(inner: unknown): string {
  const { base64 = "", subType = "" } = inner as {
    readonly base64?: string;
    readonly subType?: string;
  };
  return `${base64.slice(0, 60)}${base64.length > 60 ? "…" : ""} (subtype ${subType})`;
}

function regexText(inner: unknown): string {
  const { pattern = "", options = "" } = inner as {
    readonly pattern?: string;
    readonly options?: string;
  };
  return `/${pattern}/${options}`;
}

/** A value that is no document and no array; undefined for those. */
export function toShown(value: unknown): Shown | undefined {
  if (value === null) return shown("Null", "null", "gray");
  switch (typeof value) {
    case "string":
      return shown("String", value, "blue");
    case "boolean":
      return shown("Boolean", String(value), "cyan");
    case "number":
      return shown("Number", String(value), "orange");
    case "object": {
      if (Array.isArray(value)) return undefined;
      const [first] = Object.entries(value);
      return first === undefined ? undefined : wrappers.get(first[0])?.(first[1]);
    }
    default:
      return undefined;
  }
}

/** One line for a cell of a table. */
export function toLine(value: unknown): string {
  if (value === undefined) return "";
  const plain = toShown(value);
  if (plain !== undefined) return plain.text.slice(0, shortMax);
  if (Array.isArray(value)) return `[ ${value.length} ]`;
  return `{ ${Object.keys(value as object).length} }`;
}

export function EjsonValue({ value }: { readonly value: unknown }): ReactNode {
  const plain = toShown(value);
  if (plain === undefined)
    return (
      <Text span size="sm">
        {toLine(value)}
      </Text>
    );
  const { type, text, color } = plain;
  return (
    <Text span size="sm" c={color} className="mono break" title={type}>
      {text.slice(0, shortMax)}
      {text.length > shortMax ? "…" : ""}
    </Text>
  );
}
