/**
 * Documents as CSV whose cells keep their types: a text stands as it is, unless it reads as something else; everything
 * else is EJSON, as short as its type allows. An empty cell is a field that is not there.
 */
import type { Doc } from "../../bson/doc.ts";
import { toText } from "../../bson/stringify.ts";
import { DateTime, Double, type Value } from "../../bson/value.ts";

export function csvLine(cells: readonly string[]): string {
  return `${cells.map(quoted).join(",")}\r\n`;
}

export function csvCells(document: Doc, columns: readonly string[]): readonly string[] {
  return columns.map((name) => {
    const value = document.get(name);
    return value === undefined ? "" : cellOf(value);
  });
}

function quoted(cell: string): string {
  return /[",\r\n;\t]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** What a reader would take for another type, or a spreadsheet for a formula. */
const ambiguous = /^(?:$|\s|["{[=+@\t\r-]|(?:true|false|null)$|\d)|\s$/;

function cellOf(value: Value): string {
  if (typeof value === "string") return ambiguous.test(value) ? JSON.stringify(value) : value;
  return toText(value, isShort(value) ? "relaxed" : "canonical");
}

/** Whether the short form says the type. */
function isShort(value: Value): boolean {
  if (value === null || typeof value === "boolean" || typeof value === "number") return true;
  if (value instanceof Double) return Number.isFinite(value.value);
  return value instanceof DateTime;
}
