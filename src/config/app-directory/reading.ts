/** What the readers of the parts share: the files, each parsed once, and what has been understood of them. */
import { isUtf8 } from "node:buffer";
import { hasJsonText } from "./file-name.ts";
import type { JsonFile } from "./json-node.ts";
import { parseJson } from "./parse-json.ts";
import type { Reporter } from "./report.ts";
import type { TemplateValues } from "./template.ts";

export interface Reading {
  /** All paths, in order. */
  readonly paths: readonly string[];
  readonly report: Reporter;
  /** What templates are filled with. */
  readonly environment: TemplateValues;
  has(path: string): boolean;
  /**
   * A file as JSON. Undefined where there is none, where it holds nothing but white space, as the original had it,
   * and where it can not be read, which is then reported.
   */
  json(path: string): JsonFile | undefined;
  /** A file as text; undefined where there is none or it is not UTF-8, which is then reported. */
  text(path: string): string | undefined;
  /** A part of the model stands for this file: it is not kept as it is. */
  claim(path: string): void;
  /** Paths of files somewhere in a folder, in order. @param folder without a slash at its end */
  below(folder: string): readonly string[];
}

/** Files and what was claimed of them; the environment comes later, since it stands in these files. */
export interface Files extends Omit<Reading, "environment"> {
  readonly claimed: ReadonlySet<string>;
}

export function openFiles(files: ReadonlyMap<string, Uint8Array>, report: Reporter): Files {
  const paths = [...files.keys()].toSorted();
  const texts = new Map<string, string | undefined>();
  const parsed = new Map<string, JsonFile | undefined>();
  const claimed = new Set<string>();

  function text(path: string): string | undefined {
    if (!texts.has(path)) texts.set(path, decode(path));
    return texts.get(path);
  }

  function decode(path: string): string | undefined {
    const bytes = files.get(path);
    if (bytes === undefined) return undefined;
    if (isUtf8(bytes)) return Buffer.from(bytes).toString("utf8");
    report.wrong({ file: path, path: [] }, "text in UTF-8", "bytes that are not");
    return undefined;
  }

  function parse(path: string): JsonFile | undefined {
    const content = text(path);
    if (content === undefined || !hasJsonText(content)) return undefined;
    const { root, failure, repeated } = parseJson(content);
    for (const { offset, key } of repeated)
      report.warnAt(
        path,
        content,
        offset,
        `the field ${JSON.stringify(key.slice(0, 64))} comes twice; the last one counts`,
      );
    if (failure !== undefined)
      report.broken(path, content, failure.offset, failure.expected, failure.found);
    return root === undefined ? undefined : { path, text: content, root };
  }

  return {
    paths,
    report,
    claimed,
    text,
    has: (path) => files.has(path),
    json(path) {
      if (!parsed.has(path)) parsed.set(path, parse(path));
      return parsed.get(path);
    },
    claim: (path) => {
      claimed.add(path);
    },
    below(folder) {
      const prefix = `${folder}/`;
      const begin = firstFrom(paths, prefix);
      let end = begin;
      while (paths[end]?.startsWith(prefix) === true) end += 1;
      return paths.slice(begin, end);
    },
  };
}

/** The place of the first path that is not before `wanted`; the paths are in order. */
function firstFrom(paths: readonly string[], wanted: string): number {
  let low = 0;
  let high = paths.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((paths[middle] as string) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
