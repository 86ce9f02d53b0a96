/** Files of documents, sent and taken piece by piece. */
import { printEjson } from "../ejson/print.ts";
import { parseEjson } from "../ejson/parse.ts";
import { countOf, type Ejson, EjsonObject, isEjsonArray, textOf, toEjson } from "../ejson/value.ts";
import type { FileFormat } from "../transfer/records.ts";
import { open, whole } from "./client.ts";
import { collectionPath, type Place, type Query } from "./data.ts";
import { Failure } from "./failure.ts";

export type OnPresent = "fail" | "replace" | "skip";

export interface ImportedLines {
  readonly inserted: number;
  readonly replaced: number;
  readonly skipped: number;
  /** By the line's place in what was sent. */
  readonly failures: readonly { readonly line: number; readonly message: string }[];
}

export async function sendLines(
  place: Place,
  lines: readonly string[],
  onPresent: OnPresent,
  signal: AbortSignal,
): Promise<ImportedLines> {
  const response = await open({
    method: "POST",
    path: `${collectionPath(place)}/import`,
    body: printEjson(toEjson({ lines, onPresent })),
    signal,
  });
  const answer = parseEjson(await response.text());
  const count = (name: string): number =>
    countOf(answer instanceof EjsonObject ? answer.get(name) : undefined);
  const failures = answer instanceof EjsonObject ? answer.get("failures") : undefined;
  return {
    inserted: count("inserted"),
    replaced: count("replaced"),
    skipped: count("skipped"),
    failures: (isEjsonArray(failures) ? failures : []).flatMap((each: Ejson) =>
      each instanceof EjsonObject
        ? [{ line: countOf(each.get("line")), message: textOf(each.get("message")) }]
        : [],
    ),
  };
}

const lineFeed = 0x0a;
/** Pieces are put together to parts of this size, which the browser keeps outside of the page's memory. */
const partBytes = 8 * 2 ** 20;

/**
 * @param onProgress hears of bytes, and of lines, which are documents in NDJSON
 * @throws {Failure} also where it fails half way
 */
export async function takeExport(
  place: Place,
  wanted: { readonly format: FileFormat; readonly query: Query },
  options: {
    readonly signal: AbortSignal;
    readonly onProgress: (bytes: number, lines: number) => void;
  },
): Promise<Blob> {
  const { format, query } = wanted;
  const response = await open({
    method: "POST",
    path: `${collectionPath(place)}/export`,
    body: printEjson(toEjson({ format, ...query, tellsFailure: true })),
    signal: options.signal,
  });
  const parts: Blob[] = [];
  let pieces: Uint8Array<ArrayBuffer>[] = [];
  let [pending, bytes, lines] = [0, 0, 0];
  const reader = response.body?.getReader();
  const read = async () => whole(reader?.read() ?? Promise.resolve(undefined));
  for (let piece = await read(); piece?.done === false; piece = await read()) {
    pieces.push(piece.value);
    pending += piece.value.length;
    bytes += piece.value.length;
    for (const byte of piece.value) if (byte === lineFeed) lines += 1;
    options.onProgress(bytes, lines);
    if (pending < partBytes) continue;
    parts.push(new Blob(pieces));
    [pieces, pending] = [[], 0];
  }
  const type = response.headers.get("content-type") ?? "application/octet-stream";
  const blob = new Blob([...parts, ...pieces], { type });
  await mustBeWhole(blob);
  return blob;
}

const reasonBytesMax = 8192;
/** In no file of documents: JSON has no such letter, and CSV doubles such quotes. */
const reasonStart = '\n\u001E{"error":';

/** @throws {Failure} where the server's reason to stop stands at the end */
async function mustBeWhole(blob: Blob): Promise<void> {
  const end = await blob.slice(-reasonBytesMax).text();
  const at = end.lastIndexOf(reasonStart);
  if (at < 0) return;
  const { error, error_code: code } = JSON.parse(end.slice(at + 2)) as {
    readonly error: string;
    readonly error_code: string;
  };
  throw new Failure(0, code, error);
}
