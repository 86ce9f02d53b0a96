/** Fields of a token that go into a user's data. */
import { Doc } from "../../bson/doc.ts";
import { toText } from "../../bson/stringify.ts";
import type { Value } from "../../bson/value.ts";
import type { MetadataField } from "../../config/app-config.ts";
import { Fault } from "../../kit/fault.ts";

/** As the original: characters of a text, or of what is no text as JSON. */
const lengthMax = 4096;

/** @throws {Fault} `AuthError` where a field is missing that must be there, or one is too long */
export function readMetadata(claims: Doc, fields: readonly MetadataField[]): Doc {
  const found: [string, Value][] = [];
  for (const { name, fieldName, required } of fields) {
    const path = splitPath(name);
    const value = valueAt(claims, path);
    if (value === undefined || value === null) {
      if (required) throw notProven(`the token lacks the field '${name}'`);
      continue;
    }
    const length = typeof value === "string" ? value.length : toText(value, "relaxed").length;
    if (length > lengthMax) throw notProven(`the token's field '${name}' is too long`);
    found.push([fieldName ?? path.at(-1) ?? name, value]);
  }
  return Doc.fromEntries(new Map(found));
}

/** `a.b` is `b` in `a`; `a\.b` is one name. */
export function splitPath(path: string): readonly string[] {
  const parts = [""];
  for (let at = 0; at < path.length; at += 1) {
    const letter = path[at] ?? "";
    const next = path[at + 1];
    if (letter === "\\" && (next === "." || next === "\\")) {
      parts[parts.length - 1] += next;
      at += 1;
    } else if (letter === ".") parts.push("");
    else parts[parts.length - 1] += letter;
  }
  return parts;
}

function valueAt(doc: Doc, path: readonly string[]): Value | undefined {
  let value: Value | undefined = doc;
  for (const part of path) {
    if (!(value instanceof Doc)) return undefined;
    value = value.get(part);
  }
  return value;
}

function notProven(why: string): Fault {
  return new Fault("AuthError", "unauthorized", { cause: new Error(why) });
}
