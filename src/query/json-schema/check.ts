/** The contract between `json-schema.ts` and the keywords beside this file. */
import { identityOf } from "../../bson/compare.ts";
import { Doc } from "../../bson/doc.ts";
import { isArray, type Value } from "../../bson/value.ts";

/** Whether a value is as the schema wants it. Keywords for another type than the value's pass. */
export type Check = (value: Value) => boolean;

export interface Keyword {
  readonly keyword: string;
  readonly operand: Value;
  /** What the keyword stands in; some read others. */
  readonly schema: Doc;
  /** Whether the schema is for the document itself, where the server leaves keywords for other types unread. */
  readonly isRoot: boolean;
  /** Compiles a schema for the same value. */
  readonly compileSame: (schema: Doc) => Check;
  /** Compiles a schema for a value within this one. */
  readonly compileInner: (schema: Doc) => Check;
}

/** @returns undefined when there is nothing to check */
export type CompileKeyword = (keyword: Keyword) => Check | undefined;

/** A key for Sets; documents with the same fields in another order have the same. */
export function unorderedIdentityOf(value: Value): string | number {
  return identityOf(withSortedKeys(value));
}

function withSortedKeys(value: Value): Value {
  if (isArray(value)) return value.map(withSortedKeys);
  if (!(value instanceof Doc)) return value;
  const fields = [...value.entries()].map(([key, each]) => [key, withSortedKeys(each)] as const);
  return Doc.fromEntries(fields.toSorted(([left], [right]) => (left < right ? -1 : 1)));
}
