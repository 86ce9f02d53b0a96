/** One document, read to be edited, and replaced only while it still is what was read. */
import { createHash } from "node:crypto";
import { Doc } from "../../bson/doc.ts";
import { parseEjson } from "../../bson/parse-ejson.ts";
import { toText } from "../../bson/stringify.ts";
import type { Value } from "../../bson/value.ts";
import { Fault } from "../../kit/fault.ts";
import type { CallOptions, Collection } from "../../sources/source.ts";

/** A filter that holds a document can not be bigger than one. */
const comparedBytesMax = 7 * 2 ** 20;

/**
 * @returns `{ document, version, isTrue }`; `document` is null when there is none. `isTrue`: whether the document's text
 *   would be read as the same document; a stored field such as `{ "$date": "x" }` would not
 */
export async function readSeen(
  collection: Collection,
  id: Value,
  options: CallOptions,
): Promise<Doc> {
  const document = await collection.findOne(byId(id), options);
  if (document === null) return Doc.of({ document: null });
  return Doc.of({ document, version: versionOf(document), isTrue: isTrueText(document) });
}

/**
 * @returns `{ replaced, document, version }`: what is stored now, which is the replacement or what another wrote; null
 *   when it is gone
 */
export async function replaceSeen(
  collection: Collection,
  wanted: { readonly id: Value; readonly version: string; readonly replacement: Doc },
  options: CallOptions,
): Promise<Doc> {
  const { id, version, replacement } = wanted;
  const current = await collection.findOne(byId(id), options);
  const isSeen = current !== null && versionOf(current) === version;
  let replaced = false;
  if (isSeen) {
    const bytes = current.toBytes().length;
    // Atlas: of documents near the greatest size a change in the last millisecond is not noticed.
    const unchanged = Doc.of({ $expr: Doc.of({ $eq: ["$$ROOT", Doc.of({ $literal: current })] }) });
    const filter = bytes > comparedBytesMax ? byId(id) : Doc.of({ $and: [byId(id), unchanged] });
    replaced = (await collection.replaceOne(filter, replacement, options)).matchedCount > 0;
  }
  const now = await collection.findOne(byId(id), options);
  return Doc.of({
    replaced,
    document: now,
    ...(now !== null && { version: versionOf(now) }),
  });
}

function byId(id: Value): Doc {
  return Doc.of({ _id: Doc.of({ $eq: id }) });
}

function versionOf(document: Doc): string {
  return createHash("sha256").update(document.toBytes()).digest("base64url");
}

function isTrueText(document: Doc): boolean {
  try {
    const text = Buffer.from(toText(document, "canonical"));
    return parseEjson(text).toBytes().equals(document.toBytes());
  } catch (cause) {
    if (cause instanceof Fault) return false;
    throw cause;
  }
}
