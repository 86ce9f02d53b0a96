import { Doc } from "./doc.ts";

/** Reads BSON that comes from outside. */
export function readBson(bytes: Uint8Array): Doc {
  return Doc.fromBytes(bytes);
}
