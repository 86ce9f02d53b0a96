/**
 * A filter, parsed: what `match.ts` compiles and the store's planner reads.
 *
 * `$ne` and `$nin` are `not` around `compare` and `in`; `$all` is an `and`; an implicit equality is `compare` with `eq`.
 */
import type { Doc } from "../bson/doc.ts";
import type { Regex, Value } from "../bson/value.ts";
import type { GeoRelation, Near, QueryShape } from "./geo.ts";
import type { TextSearch } from "./text.ts";

export type Comparison = "eq" | "gt" | "gte" | "lt" | "lte";

export type FilterNode =
  | { readonly kind: "and" | "or" | "nor"; readonly clauses: readonly FilterNode[] }
  | { readonly kind: "not"; readonly clause: FilterNode }
  | {
      readonly kind: "compare";
      readonly path: string;
      readonly comparison: Comparison;
      readonly operand: Value;
    }
  | {
      readonly kind: "in";
      readonly path: string;
      readonly operands: readonly Value[];
      readonly regexes: readonly Regex[];
    }
  | { readonly kind: "regex"; readonly path: string; readonly regex: Regex }
  | { readonly kind: "exists"; readonly path: string; readonly exists: boolean }
  /** `$elemMatch` with a filter on embedded documents: `clause` has paths within the element. */
  | { readonly kind: "elemMatchObject"; readonly path: string; readonly clause: FilterNode }
  /** `$elemMatch` with operators on the element itself: the paths in `clause` are empty strings. */
  | { readonly kind: "elemMatchValue"; readonly path: string; readonly clause: FilterNode }
  /** Everything a planner can not use; `test` decides on the values that the path leads to, or on the document. */
  | { readonly kind: "size"; readonly path: string; readonly size: number }
  | { readonly kind: "type"; readonly path: string; readonly types: ReadonlySet<number> }
  | {
      readonly kind: "mod";
      readonly path: string;
      readonly divisor: bigint;
      readonly remainder: bigint;
    }
  | {
      readonly kind: "bits";
      readonly path: string;
      readonly want: "allSet" | "allClear" | "anySet" | "anyClear";
      /** Positions, counted from the least significant bit. */
      readonly positions: readonly number[];
      /** A mask of bytes, least significant first, in place of positions. */
      readonly mask?: Uint8Array;
    }
  | {
      readonly kind: "geo";
      readonly path: string;
      readonly relation: GeoRelation;
      readonly shape: QueryShape;
      /** As written, for messages. */
      readonly conditions: Doc;
    }
  /** Matches every document: the store gives those within reach, in the order of their distance. */
  | { readonly kind: "near"; readonly path: string; readonly near: Near }
  /** `$text`: bound to the collection's text index when the query is planned. */
  | { readonly kind: "text"; readonly search: TextSearch }
  /** `$expr`, `$jsonSchema`, `$where`, `$sampleRate` …: a test of the whole document. */
  | { readonly kind: "document"; readonly name: string; readonly operand: Value }
  | { readonly kind: "always" | "never" };
