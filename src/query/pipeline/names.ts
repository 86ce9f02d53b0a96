/** Names in stage specifications. */
import { MongoError } from "../../kit/mongo-error.ts";

/** Path parts beyond this are refused, as deep documents are. */
const partsMax = 200;

/** @throws {MongoError} as the server's FieldPath does */
export function readFieldPath(path: string): readonly string[] {
  if (path === "") throw new MongoError(40352, "FieldPath cannot be constructed with empty string");
  if (path.endsWith(".")) throw new MongoError(40353, "FieldPath must not end with a '.'.");
  const parts = path.split(".");
  if (parts.length > partsMax) throw new MongoError(15, "FieldPath is too long");
  for (const part of parts) {
    if (part === "") throw new MongoError(15998, "FieldPath field names may not be empty strings.");
    if (part.startsWith("$"))
      throw new MongoError(
        16410,
        "FieldPath field names may not start with '$'. Consider using $getField or $setField.",
      );
    if (part.includes("\0"))
      throw new MongoError(16411, "FieldPath field names may not contain '\0'.");
  }
  return parts;
}
