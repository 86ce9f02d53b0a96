/** What stands between a write and the documents that it finds: rules, seen from a data source. */
import type { Doc } from "../bson/doc.ts";

/** One for each operation of a bulk write; undefined for an insert, which depends on nothing that is there. */
export type BulkGuards = readonly (Guard | undefined)[];

export interface Guard {
  /** The documents that are looked for, in place of the call's own filter, which an upsert still inserts by. */
  readonly filter: Doc;
  /** Whether a document that was found is meant; absent: all are. */
  readonly selects?: ((before: Doc) => boolean | Promise<boolean>) | undefined;
  /**
   * Asked of each document, in one with the write: what it was asked about is what is written.
   *
   * Throws where the write may not be; then nothing of the call has happened. May be asked several times about the same.
   *
   * @param before undefined: the document is inserted
   * @param after undefined: it is taken out
   */
  readonly check: (before: Doc | undefined, after: Doc | undefined) => void | Promise<void>;
  /** Asked where a document could not be changed: throws where not even that may be told. */
  readonly failed?: ((before: Doc) => void | Promise<void>) | undefined;
}
