/** What is compared: a call on a collection, and how it ended. */
import type { Doc } from "../../src/bson/doc.ts";
import type { Value } from "../../src/bson/value.ts";

export const families = [
  "filter",
  "update",
  "projection",
  "sort",
  "pipeline",
  "expression",
  "geo",
  "text",
  "collation",
] as const;
export type Family = (typeof families)[number];

export type Call =
  | {
      readonly verb: "find";
      readonly filter: Doc;
      readonly projection?: Doc;
      readonly sort?: Doc;
      readonly skip?: number;
      readonly limit?: number;
      readonly collation?: Doc;
    }
  | {
      readonly verb: "aggregate";
      readonly pipeline: readonly Value[];
      readonly collation?: Doc;
    }
  /** A pipeline whose last stage writes to the collection `target`. */
  | { readonly verb: "write"; readonly pipeline: readonly Value[] }
  | {
      readonly verb: "update";
      /** Picks out the case's own document, `own`, whatever else it says. */
      readonly filter: Doc;
      readonly update: Doc | readonly Value[];
      readonly isReplacement: boolean;
      readonly upsert: boolean;
      readonly arrayFilters?: readonly Doc[];
      /** The `_id` of the one document that this call may touch or make. */
      readonly own: Value;
    };

export interface Case {
  readonly family: Family;
  readonly call: Call;
  /** Whether documents must come in one order only. */
  readonly isOrdered: boolean;
}

/** Cases over the same documents. */
export interface Batch {
  readonly family: Family;
  readonly documents: readonly Doc[];
  /** Of a second collection, `other`, for the stages that read one; of texts, the index that is searched. */
  readonly others: readonly Doc[];
  readonly cases: readonly Case[];
}

export type Outcome =
  | {
      readonly kind: "documents";
      /** What was found; of a write, the documents as they are afterwards. */
      readonly documents: readonly Doc[];
      /** Of an update: matched and modified documents. */
      readonly counts?: readonly number[];
    }
  | {
      readonly kind: "failure";
      readonly code: number;
      readonly codeName: string;
      readonly message: string;
    };
