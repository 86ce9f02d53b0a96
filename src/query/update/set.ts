/** `$set`, `$setOnInsert`, `$unset`, `$min`, `$max`, `$currentDate`: operators that put a value or take it away. */
import { compare, type TextOrder } from "../../bson/compare.ts";
import { isArray, Timestamp, typeName, type Value } from "../../bson/value.ts";
import { badValue } from "../../kit/mongo-error.ts";
import { identical } from "./identical.ts";
import { checkCreatable, type Run } from "./place.ts";
import { heightOf } from "./storable.ts";
import type { Leaf } from "./tree.ts";

/** `$set`; `$setOnInsert` with `isInsertOnly`. A value that is there already, type and all, is left. */
export function compileSet(value: Value, isInsertOnly = false): Leaf {
  return {
    kind: "leaf",
    isInsertOnly,
    height: heightOf(value),
    create(place) {
      checkCreatable(place);
      return value;
    },
    change: (before) => (identical(before, value) ? before : value),
  };
}

export function compileUnset(): Leaf {
  return {
    kind: "leaf",
    height: 0,
    create: () => undefined,
    change: () => undefined,
  };
}

/** `$min` (`sign` 1) and `$max` (`sign` -1): MongoDB's order of all types decides. */
export function compileExtreme(value: Value, sign: 1 | -1, collation?: TextOrder): Leaf {
  return {
    kind: "leaf",
    height: heightOf(value),
    create(place) {
      checkCreatable(place);
      return value;
    },
    change: (before) => (sign * compare(value, before, collation) < 0 ? value : before),
  };
}

/** @throws {MongoError} 2 for what is neither a boolean nor `{ $type: "date" | "timestamp" }` */
export function compileCurrentDate(spec: Value): Leaf {
  const type = readDateType(spec);
  const read = (run: Run): Value => (type === "date" ? run.now : timestampOf(run));
  return {
    kind: "leaf",
    height: 0,
    create(place, run) {
      checkCreatable(place);
      return read(run);
    },
    change(_, __, run) {
      run.changed = true;
      return read(run);
    },
  };
}

function readDateType(spec: Value): "date" | "timestamp" {
  if (typeof spec === "boolean") return "date";
  if (typeof spec !== "object" || spec === null || isArray(spec) || spec.bsonType !== 3)
    throw badValue(
      `${typeName(spec)} is not valid type for $currentDate. Please use a boolean ('true') or a $type expression ({$type: 'timestamp/date'}).`,
    );
  const other = spec.keys().find((key) => key !== "$type");
  if (other !== undefined) throw badValue(`Unrecognized $currentDate option: ${other}`);
  const type = spec.get("$type");
  if (type !== "date" && type !== "timestamp")
    throw badValue(
      "The '$type' string field is required to be 'date' or 'timestamp': {$currentDate: {field : {$type: 'date'}}}",
    );
  return type;
}

/** The request's instant; its increment is 1, as no clock is shared with others. */
export function timestampOf(run: Pick<Run, "now">): Timestamp {
  return new Timestamp(Math.floor(Number(run.now.ms) / 1000), 1);
}
