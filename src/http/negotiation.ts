/** Which format a request is in, and which one its answer is to be in. */
import type { OutputFormat } from "../bson/stringify.ts";

const mediaTypes: ReadonlyMap<string, OutputFormat> = new Map([
  ["application/json", "json"],
  ["application/ejson", "canonical"],
]);

/** Bare media types: some clients compare them with `===`. */
export const contentTypeOf: Readonly<Record<OutputFormat, string>> = {
  json: "application/json",
  canonical: "application/ejson",
  relaxed: "application/ejson",
};

/** Whether a `Content-Type` says JSON or EJSON, with any parameters. */
export function isJsonType(contentType: string | undefined): boolean {
  if (contentType === undefined) return false;
  return mediaTypes.has(mediaTypeOf(contentType));
}

/**
 * The format that `Accept` wants most among the two there are.
 *
 * @param fallback the app's own, where `Accept` is absent or leaves it open
 */
export function readAccept(accept: string | undefined, fallback: OutputFormat): OutputFormat {
  if (accept === undefined || accept === "*/*") return fallback;
  const sole = mediaTypes.get(accept);
  if (sole !== undefined) return sole;
  let best = fallback;
  let bestWeight = 0;
  for (const range of accept.split(",")) {
    const format = mediaTypes.get(mediaTypeOf(range));
    if (format === undefined) continue;
    const weight = weightOf(range);
    if (weight <= bestWeight) continue;
    best = format;
    bestWeight = weight;
  }
  return best;
}

function mediaTypeOf(header: string): string {
  const end = header.indexOf(";");
  return (end < 0 ? header : header.slice(0, end)).trim().toLowerCase();
}

/** The `q` of one range or coding, 0 to 1; 1 where there is none. */
export function weightOf(range: string): number {
  const match = /;\s*q\s*=\s*([^\s;,]*)/i.exec(range);
  if (match === null) return 1;
  const weight = Number(match[1]);
  return Number.isNaN(weight) ? 0 : Math.min(weight, 1);
}
