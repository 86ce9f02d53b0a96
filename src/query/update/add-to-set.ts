/** `$addToSet`: values that an array does not hold yet, alone or several with `$each`. */
import { equals, identityBy, type TextOrder } from "../../bson/compare.ts";
import { isArray, typeName, type Value } from "../../bson/value.ts";
import { badValue, typeMismatch } from "../../kit/mongo-error.ts";
import { printBson } from "../../bson/print.ts";
import { checkCreatable, elementName } from "./place.ts";
import { heightOf } from "./storable.ts";
import type { Leaf } from "./tree.ts";

/** From this many values on, looking them up beats comparing each with each. */
const lookupMin = 5;

/** @throws {MongoError} 14 when `$each` is no array, 2 when something stands beside it */
export function compileAddToSet(spec: Value, collation?: TextOrder): Leaf {
  const values = distinct(readValues(spec), collation);
  return {
    kind: "leaf",
    height: heightOf(values),
    create(place) {
      checkCreatable(place);
      return values;
    },
    change(array, place) {
      if (!isArray(array))
        throw badValue(
          `Cannot apply $addToSet to non-array field. Field named '${elementName(place)}' has non-array type ${typeName(array)}`,
        );
      const added = missingIn(array, values, collation);
      return added.length === 0 ? array : [...array, ...added];
    },
  };
}

function readValues(spec: Value): readonly Value[] {
  if (typeof spec !== "object" || spec === null || isArray(spec)) return [spec];
  if (spec.bsonType !== 3 || spec.keys()[0] !== "$each") return [spec];
  const each = spec.valueAt(0);
  if (!isArray(each))
    throw typeMismatch(
      `The argument to $each in $addToSet must be an array but it was of type ${typeName(each)}`,
    );
  if (spec.size > 1)
    throw badValue(`Found unexpected fields after $each in $addToSet: ${printBson(spec)}`);
  return each;
}

function distinct(values: readonly Value[], collation: TextOrder | undefined): readonly Value[] {
  return missingIn([], values, collation);
}

function missingIn(
  array: readonly Value[],
  values: readonly Value[],
  collation: TextOrder | undefined,
): readonly Value[] {
  if (values.length < lookupMin) {
    const added: Value[] = [];
    for (const value of values)
      if (![...added, ...array].some((each) => equals(each, value, collation))) added.push(value);
    return added;
  }
  const identityOf = identityBy(collation);
  const known = new Set(array.map((each) => identityOf(each)));
  return values.filter((value) => {
    const identity = identityOf(value);
    if (known.has(identity)) return false;
    known.add(identity);
    return true;
  });
}
