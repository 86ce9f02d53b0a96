/**
 * The driver's options that every action takes beside its own fields.
 *
 * Atlas: the original did not know them; `strictActions` leaves them unread, as any unknown field.
 */
import { Doc } from "../bson/doc.ts";
import type { Value } from "../bson/value.ts";
import type { CallOptions, UpdateOptions } from "../sources/source.ts";
import type { ActionContext } from "./action.ts";
import { fieldOf, mustDocs, optionalBoolean, optionalDoc, wrongType } from "./fields.ts";

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** `let`, `collation`, `hint` and `comment`, with the request's signal. */
export function callOptions(body: Doc, context: ActionContext): Writable<CallOptions> {
  const options: Writable<CallOptions> = { signal: context.signal };
  if (context.isStrict) return options;
  const variables = optionalDoc(body, "let");
  if (variables !== undefined) options.let = variables;
  const collation = optionalDoc(body, "collation");
  if (collation !== undefined) options.collation = collation;
  const hint = readHint(body);
  if (hint !== undefined) options.hint = hint;
  const comment = fieldOf(body, "comment");
  if (comment !== undefined) options.comment = comment;
  return options;
}

function readHint(body: Doc): Value | undefined {
  const hint = fieldOf(body, "hint");
  if (hint === undefined || typeof hint === "string" || hint instanceof Doc) return hint;
  throw wrongType("hint", "a string or an object");
}

/** The same with `upsert`, which the original knew, and `arrayFilters`. */
export function updateOptions(body: Doc, context: ActionContext): UpdateOptions {
  const options: Writable<UpdateOptions> = callOptions(body, context);
  const upsert = optionalBoolean(body, "upsert");
  if (upsert !== undefined) options.upsert = upsert;
  if (!context.isStrict && fieldOf(body, "arrayFilters") !== undefined)
    options.arrayFilters = mustDocs(body, "arrayFilters");
  return options;
}
