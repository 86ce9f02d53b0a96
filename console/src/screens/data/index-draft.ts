/** What the form of a new index holds, and what it asks. */
import { EjsonError, parseEjsonDocument } from "../../ejson/parse.ts";
import { EjsonNumber, EjsonObject, type Ejson } from "../../ejson/value.ts";
import { describeFault } from "./query-text.ts";

export interface IndexDraft {
  readonly fields: readonly { readonly id: number; readonly path: string; readonly kind: string }[];
  readonly unique: boolean;
  readonly sparse: boolean;
  readonly name: string;
  readonly seconds: string;
  /** Documents as people type them. */
  readonly partial: string;
  readonly collation: string;
  readonly more: string;
}

export type ReadIndexDraft =
  | { readonly problem: string }
  | { readonly problem?: undefined; readonly keys: EjsonObject; readonly options: EjsonObject };

export function readIndexDraft(draft: IndexDraft): ReadIndexDraft {
  if (draft.fields.some(({ path }) => path === "")) return { problem: "Each field needs a name." };
  const seconds = draft.seconds.trim();
  if (seconds !== "" && !/^\d+$/.test(seconds))
    return { problem: "Documents expire after a whole number of seconds." };
  const keys = new EjsonObject(
    draft.fields.map(({ path }) => path),
    draft.fields.map(({ kind }) => (/^-?1$/.test(kind) ? new EjsonNumber(kind) : kind)),
  );
  const options: [string, Ejson][] = [];
  if (draft.unique) options.push(["unique", true]);
  if (draft.sparse) options.push(["sparse", true]);
  if (draft.name !== "") options.push(["name", draft.name]);
  if (seconds !== "") options.push(["expireAfterSeconds", new EjsonNumber(seconds)]);
  for (const [part, label, text] of [
    ["partialFilterExpression", "The partial index", draft.partial],
    ["collation", "The collation", draft.collation],
    ["", "More options", draft.more],
  ] as const) {
    if (text.trim() === "") continue;
    try {
      const value = parseEjsonDocument(text);
      if (part !== "") options.push([part, value]);
      else
        for (const [at, name] of value.names.entries())
          options.push([name, value.values[at] ?? null]);
    } catch (cause) {
      if (!(cause instanceof EjsonError)) throw cause;
      return { problem: `${label}, ${describeFault(text, cause)}` };
    }
  }
  return {
    keys,
    options: new EjsonObject(
      options.map(([name]) => name),
      options.map(([, value]) => value),
    ),
  };
}
