/**
 * What a document carries beside its fields, for `$meta`: how far it is from where, what its text scored.
 *
 * Kept beside the documents, so that those without any are not a byte bigger.
 */
import type { Doc } from "../bson/doc.ts";
import type { Value } from "../bson/value.ts";

export interface Metadata {
  /** In metres or radians on the sphere, in the units of the coordinates on the plane. */
  readonly geoNearDistance?: number;
  /** The value of the document whose distance that is. */
  readonly geoNearPoint?: Value;
  readonly textScore?: number;
  /** What it was sorted by, one value for each part of the sort. */
  readonly sortKey?: readonly Value[];
}

const metadata = new WeakMap<Doc, Metadata>();
let isUsed = false;

/** Adds to what the document carries. */
export function setMetadata(doc: Doc, added: Metadata): void {
  isUsed = true;
  metadata.set(doc, { ...metadata.get(doc), ...added });
}

export function metadataOf(doc: Doc): Metadata | undefined {
  return isUsed ? metadata.get(doc) : undefined;
}

/** Hands on what one document carries to the one that was made of it. */
export function carryMetadata(from: Doc, to: Doc): void {
  if (!isUsed || from === to) return;
  const carried = metadata.get(from);
  if (carried !== undefined) setMetadata(to, carried);
}
