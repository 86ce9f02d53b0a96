/**
 * Texts of single documents out of a file that comes in pieces, each with the line where it begins. Nothing is kept but
 * the document that is being read.
 */
import { csvRecords } from "./csv-records.ts";

export interface FileRecord {
  /** From 1 on. */
  readonly line: number;
  /** EJSON of one document, or what ought to be. */
  readonly text: string;
  /** Where it is known already what is wrong with it. */
  readonly problem?: string;
}

/** Takes a file piece by piece. */
export interface RecordReader {
  push(piece: string): readonly FileRecord[];
  /** What is left at the file's end. */
  end(): readonly FileRecord[];
}

export type FileFormat = "ndjson" | "ejson" | "csv";

export function formatOfFile(name: string, beginning: string): FileFormat {
  if (/\.(?:csv|tsv)$/i.test(name)) return "csv";
  return beginning.trimStart().startsWith("[") ? "ejson" : "ndjson";
}

export function createReader(format: FileFormat): RecordReader {
  switch (format) {
    case "csv":
      return csvRecords();
    case "ejson":
      return arrayRecords();
    case "ndjson":
      return lineRecords();
  }
}

function lineRecords(): RecordReader {
  let rest = "";
  let line = 1;
  const take = (lines: readonly string[]): readonly FileRecord[] =>
    lines.flatMap((text, at) => (text.trim() === "" ? [] : [{ line: line + at, text }]));
  return {
    push(piece) {
      // A long line is looked through once: only the new piece is searched.
      if (!piece.includes("\n")) {
        rest += piece;
        return [];
      }
      const lines = (rest + piece).split("\n");
      rest = lines.pop() ?? "";
      const found = take(lines);
      line += lines.length;
      return found;
    },
    end() {
      return take([rest]);
    },
  };
}

/** `[ {…}, {…} ]`: elements are found by their brackets, so that a broken one is told from the others. */
function arrayRecords(): RecordReader {
  let text = "";
  let at = 0;
  let line = 1;
  /** Of the document that is being read; -1 between two. */
  let start = -1;
  let startLine = 1;
  let depth = 0;
  let isOpen = false;
  let isDone = false;
  let inString = false;
  let found: FileRecord[] = [];

  function opens(char: string): void {
    if (char === "[" && !isOpen) isOpen = true;
    else {
      if (depth === 0) [start, startLine] = [at, line];
      depth += 1;
    }
  }

  function closes(): void {
    if (depth === 0) isDone = true;
    else depth -= 1;
    if (depth > 0 || start < 0) return;
    found.push({ line: startLine, text: text.slice(start, at + 1) });
    start = -1;
  }

  /** What stands between the documents and is none, once for each line. */
  function strays(char: string): void {
    if (/[\s,]/.test(char)) return;
    const last = found.at(-1);
    if (last?.line !== line || last.problem === undefined)
      found.push({ line, text: "", problem: "this is between the documents and is none" });
  }

  function take(char: string): void {
    if (inString) inString = char !== '"';
    else if (char === '"' && depth > 0) inString = true;
    else if (char === "{" || char === "[") opens(char);
    else if (char === "}" || char === "]") closes();
    else if (depth === 0) strays(char);
  }

  return {
    push(piece) {
      text += piece;
      for (; at < text.length; at += 1) {
        const char = text[at] as string;
        if (char === "\n") line += 1;
        if (char === "\\" && inString) {
          // What is escaped may be in the next piece.
          if (at + 1 >= text.length) break;
          at += 1;
        } else take(char);
      }
      const kept = start < 0 ? at : start;
      text = text.slice(kept);
      at -= kept;
      if (start >= 0) start = 0;
      const records = found;
      found = [];
      return records;
    },
    end() {
      if (depth > 0) return [{ line: startLine, text, problem: "the file ends within a document" }];
      return isDone ? [] : [{ line, text: "", problem: "the file ends before its ']'" }];
    },
  };
}
