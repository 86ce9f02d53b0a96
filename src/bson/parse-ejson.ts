import { BSON, EJSON } from "bson";
import { Fault } from "../kit/fault.ts";
import { Doc } from "./doc.ts";
import type { Value } from "./value.ts";

/**
 * Reads EJSON or JSON text whose top level is an object.
 *
 * @throws {Fault} `InvalidParameter` with position and reason
 */
export function parseEjson(text: Buffer): Doc {
  try {
    return Doc.fromBytes(BSON.serialize(EJSON.parse(text.toString(), { relaxed: false }) as object));
  } catch (error) {
    throw new Fault("InvalidParameter", `invalid EJSON: ${String(error)}`);
  }
}

/** Reads EJSON or JSON text of any value. */
export function parseEjsonValue(text: Buffer): Value {
  const wrapped = Buffer.concat([Buffer.from('{"v":'), text, Buffer.from("}")]);
  return parseEjson(wrapped).get("v") as Value;
}
