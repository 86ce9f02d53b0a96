/**
 * What the log says of a bug. The program is bundled: places in its files are told as places in the sources, by the maps
 * beside them, which are read when the first bug wants them.
 */
import { existsSync, readFileSync } from "node:fs";
import { SourceMap, type SourceMapPayload } from "node:module";
import { fileURLToPath } from "node:url";

/** The stack of an error with the places of the sources; of what is no error, its text. */
export function bugText(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return withSources(cause.stack ?? cause.message, new URL(".", import.meta.url).href);
}

const places = /(file:\/\/[^\s()]+\.m?js):(\d+):(\d+)/g;
const maps = new Map<string, SourceMap | undefined>();

/** @param folder the URL below which the files lie whose places are told */
export function withSources(stack: string, folder: string): string {
  return stack.replaceAll(places, (text, file: string, line: string, column: string) => {
    const map = file.startsWith(folder) ? mapOf(file) : undefined;
    const entry = map?.findEntry(Number(line) - 1, Number(column) - 1);
    if (entry === undefined || !("originalSource" in entry)) return text;
    const source = new URL(entry.originalSource, `${file}.map`).href;
    return `${source}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
  });
}

/** There are as many as the program has files. */
function mapOf(file: string): SourceMap | undefined {
  if (maps.has(file)) return maps.get(file);
  const name = `${fileURLToPath(file)}.map`;
  const map = existsSync(name)
    ? new SourceMap(JSON.parse(readFileSync(name, "utf8")) as SourceMapPayload)
    : undefined;
  maps.set(file, map);
  return map;
}
