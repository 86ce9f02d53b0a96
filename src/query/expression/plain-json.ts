/** JSON texts as values, in which nothing stands for a type of BSON: `{"$oid": …}` is a document with one field. */
import { Doc } from "../../bson/doc.ts";
import { Double, isInt32, type Value } from "../../bson/value.ts";

/** @throws {SyntaxError} */
export function readPlainJson(text: string): Value {
  return toValue(JSON.parse(text) as unknown, 0);
}

/** As deep as BSON may nest. */
const depthMax = 180;

function toValue(given: unknown, depth: number): Value {
  if (depth > depthMax) throw new SyntaxError("nested too deeply");
  if (typeof given === "number") return toNumber(given);
  if (typeof given !== "object" || given === null) return given as string | boolean | null;
  if (Array.isArray(given)) return given.map((each) => toValue(each, depth + 1));
  return Doc.fromEntries(
    Object.entries(given).map(([key, each]: [string, unknown]) => [key, toValue(each, depth + 1)]),
  );
}

function toNumber(given: number): Value {
  if (!Number.isInteger(given) || Object.is(given, -0)) return new Double(given);
  if (isInt32(given)) return given;
  return Number.isSafeInteger(given) ? BigInt(given) : new Double(given);
}
