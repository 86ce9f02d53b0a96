/** `$pop` and `$pullAll`: elements that leave an array by their end or by their value. */
import { equals, identityOf, type TextOrder } from "../../bson/compare.ts";
import { isArray, typeName, type Value } from "../../bson/value.ts";
import { badValue, failedToParse, typeMismatch } from "../../kit/mongo-error.ts";
import { readInteger } from "../integer-operand.ts";
import { checkTraversable, pathOf } from "./place.ts";
import type { Leaf } from "./tree.ts";

/** @throws {MongoError} 9 for anything but 1 and -1 */
export function compilePop(field: string, spec: Value): Leaf {
  const end = readInteger(spec, field);
  if (end !== 1n && end !== -1n) throw failedToParse(`$pop expects 1 or -1, found: ${end}`);
  return {
    kind: "leaf",
    height: 0,
    create(place) {
      checkTraversable(place);
      return undefined;
    },
    change(value, place) {
      if (!isArray(value))
        throw typeMismatch(
          `Path '${pathOf(place)}' contains an element of non-array type '${typeName(value)}'`,
        );
      if (value.length === 0) return value;
      return end === 1n ? value.slice(0, -1) : value.slice(1);
    },
  };
}

/** @throws {MongoError} 2 unless the operand is an array */
export function compilePullAll(spec: Value, collation?: TextOrder): Leaf {
  if (!isArray(spec))
    throw badValue(`$pullAll requires an array argument but was given a ${typeName(spec)}`);
  if (collation !== undefined)
    return compileCulling((element) => spec.some((each) => equals(each, element, collation)));
  const unwanted = new Set(spec.map((each) => identityOf(each)));
  return compileCulling((element) => unwanted.has(identityOf(element)));
}

/** Takes out the elements that `isUnwanted` names; for `$pull` too. */
export function compileCulling(isUnwanted: (element: Value) => boolean): Leaf {
  return {
    kind: "leaf",
    height: 0,
    create(place) {
      checkTraversable(place);
      return undefined;
    },
    change(value) {
      if (!isArray(value)) throw badValue("Cannot apply $pull to a non-array value");
      const kept = value.filter((element) => !isUnwanted(element));
      return kept.length === value.length ? value : kept;
    },
  };
}
