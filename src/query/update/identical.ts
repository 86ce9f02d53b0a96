/** Equality of values as stored: same types, same field order, same bytes. */
import { Doc } from "../../bson/doc.ts";
import { isArray, typeOf, type Value } from "../../bson/value.ts";

/** Whether two values have the same BSON bytes; 1 and 1.0 do not, nor do 0.0 and -0.0. */
export function identical(left: Value, right: Value): boolean {
  if (left === right) return true;
  if (typeof left !== "object" || typeof right !== "object") return false;
  if (left === null || right === null) return false;
  if (isArray(left))
    return (
      isArray(right) &&
      left.length === right.length &&
      left.every((each, index) => identical(each, right[index] as Value))
    );
  if (isArray(right) || typeOf(left) !== typeOf(right)) return false;
  if (left.bsonType === 1 && right.bsonType === 1) return Object.is(left.value, right.value);
  return bytesOf(left).equals(bytesOf(right));
}

function bytesOf(value: Value): Buffer {
  if (value instanceof Doc) return value.toBytes();
  return Doc.fromParts([""], [value]).toBytes();
}
