/**
 * CSV as documents: a column is a field. A cell is EJSON where it reads as a number, true, false, null, or begins with a
 * bracket or a quote; else a text. An empty cell is a field that is not there.
 */
import type { FileRecord, RecordReader } from "./records.ts";

export function csvRecords(): RecordReader {
  let names: readonly string[] | undefined;
  let delimiter = "";
  let cells: string[] = [];
  let cell = "";
  let isQuoted = false;
  /** A quote was met within quotes: the end, or one of two. */
  let isPending = false;
  let line = 1;
  let startLine = 1;
  let header = "";

  function endRow(): readonly FileRecord[] {
    const row = [...cells, cell];
    [cells, cell] = [[], ""];
    const at = startLine;
    startLine = line;
    if (row.length === 1 && row[0] === "") return [];
    if (names === undefined) {
      names = row;
      const twice = row.find((name, index) => row.indexOf(name) !== index);
      return twice === undefined
        ? []
        : [{ line: at, text: "", problem: `the column '${twice}' comes twice` }];
    }
    const text = documentOf(names, row);
    if (row.length <= names.length) return [{ line: at, text }];
    return [{ line: at, text, problem: `${row.length} cells, but ${names.length} columns` }];
  }

  function take(char: string): readonly FileRecord[] {
    if (char === "\n") line += 1;
    if (isPending) {
      isPending = false;
      if (char === '"') {
        cell += '"';
        return [];
      }
      isQuoted = false;
    } else if (isQuoted) {
      if (char === '"') isPending = true;
      else cell += char;
      return [];
    }
    if (char === '"' && cell === "") isQuoted = true;
    else if (char === delimiter) {
      cells.push(cell);
      cell = "";
    } else if (char === "\n") return endRow();
    else if (char !== "\r") cell += char;
    return [];
  }

  function push(piece: string): readonly FileRecord[] {
    let text = piece;
    if (delimiter === "") {
      header += piece;
      if (!header.includes("\n")) return [];
      text = header.replace(/^\uFEFF/, "");
      delimiter = delimiterOf(text.slice(0, text.indexOf("\n")));
    }
    const found: FileRecord[] = [];
    for (const char of text) found.push(...take(char));
    return found;
  }

  return {
    push,
    end() {
      const found = delimiter === "" ? [...push("\n")] : [];
      if (isQuoted && !isPending)
        return [...found, { line: startLine, text: "", problem: "the file ends within quotes" }];
      return [...found, ...endRow()];
    },
  };
}

function delimiterOf(header: string): string {
  const plain = header.replaceAll(/"[^"]*"/g, "");
  const counts = [",", ";", "\t"].map((each) => ({ each, count: plain.split(each).length }));
  return counts.toSorted((a, b) => b.count - a.count)[0]?.each ?? ",";
}

function documentOf(names: readonly string[], row: readonly string[]): string {
  const fields = names.flatMap((name, at) => {
    const cell = row[at] ?? "";
    return cell === "" ? [] : [`${JSON.stringify(name)}:${valueOf(cell)}`];
  });
  return `{${fields.join(",")}}`;
}

const number = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
/** Longer ones are names that are made of digits: as a number they would lose some. */
const digitsMax = 18;

function valueOf(cell: string): string {
  if (/^(?:true|false|null)$/.test(cell)) return cell;
  if (number.test(cell)) {
    const isLong = /^-?\d+$/.test(cell) && cell.length > digitsMax;
    return isLong ? JSON.stringify(cell) : cell;
  }
  return /^["{[]/.test(cell) && isJson(cell) ? cell : JSON.stringify(cell);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
