/** Values to and fro between BSON and code. */
import { Doc } from "../../bson/doc.ts";
import { Decimal128 } from "../../bson/decimal128.ts";
import {
  Binary,
  BsonSymbol,
  Code,
  CodeWithScope,
  DateTime,
  DbPointer,
  Double,
  isArray,
  MaxKey,
  MinKey,
  ObjectId,
  Regex,
  Timestamp,
  toDateTime,
  Undefined,
  type Value,
} from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import {
  BinData,
  DBPointer,
  DBRef,
  maxKey,
  minKey,
  ScriptObjectId,
  ScriptTimestamp,
} from "./classes.ts";
import { NumberDecimal, NumberInt, NumberLong } from "./number-classes.ts";

/** What an object was made of, and what its fields were then: one that has not changed is that again. */
interface Origin {
  readonly doc: Doc;
  readonly keys: readonly string[];
  readonly values: readonly unknown[];
}

const origins = new WeakMap<object, Origin>();
const elements = new WeakMap<object, readonly unknown[]>();
/** Of objects that can be changed in their place: how they were printed. */
const prints = new WeakMap<object, string>();
const codes = new WeakMap<object, Code | CodeWithScope>();

const depthMax = 150;

/** A value as code sees it. @param compile makes a function of code, or what else it stands for */
export function toScript(value: Value | undefined, compile: (source: string) => unknown): unknown {
  switch (typeof value) {
    case "undefined":
      return null;
    case "bigint":
      return new NumberLong(value);
    case "object":
      if (value === null) return null;
      if (isArray(value)) return toList(value, compile);
      return value.bsonType === 3 ? toObject(value, compile) : toScriptValue(value, compile);
    default:
      return value;
  }
}

function toList(array: readonly Value[], compile: (source: string) => unknown): unknown[] {
  const made = array.map((each) => toScript(each, compile));
  elements.set(made, [...made]);
  return made;
}

function printed<T extends Date | InstanceType<typeof ScriptTimestamp>>(made: T): T {
  prints.set(made, print(made));
  return made;
}

function print(made: Date | InstanceType<typeof ScriptTimestamp>): string {
  return made instanceof Date ? String(made.getTime()) : `${made.t} ${made.i}`;
}

function toScriptValue(
  value: Exclude<Value, Doc | readonly Value[] | string | number | bigint | boolean | null>,
  compile: (source: string) => unknown,
): unknown {
  if (value instanceof Double) return value.value;
  if (value instanceof ObjectId) return new ScriptObjectId(value);
  if (value instanceof DateTime) return printed(new Date(Number(value.ms)));
  if (value instanceof Binary) return new BinData(value);
  if (value instanceof Decimal128) return NumberDecimal.of(value);
  if (value instanceof Regex) return toRegExp(value);
  if (value instanceof Timestamp) return printed(new ScriptTimestamp(value.t, value.i));
  if (value instanceof BsonSymbol) return value.text;
  if (value instanceof DbPointer)
    return new DBPointer(value.namespace, new ScriptObjectId(value.id));
  if (value instanceof Code || value instanceof CodeWithScope) {
    const made = compile(value.code);
    if (typeof made === "function") codes.set(made, value);
    return made;
  }
  if (value === MinKey) return minKey;
  return value === MaxKey ? maxKey : undefined;
}

function toRegExp({ pattern, options }: Regex): RegExp {
  try {
    return new RegExp(pattern, options.replace(/[^imsu]/g, ""));
  } catch (cause) {
    throw new MongoError(139, String(cause), { cause });
  }
}

function toObject(doc: Doc, compile: (source: string) => unknown): object {
  const keys = doc.keys();
  const values = doc.values().map((each) => toScript(each, compile));
  const made: object =
    keys[0] === "$ref" && keys[1] === "$id" ? new DBRef(values[0], values[1], values[2]) : {};
  for (const [index, key] of keys.entries()) {
    // Assigning it would set the prototype.
    if (key === "__proto__")
      Object.defineProperty(made, key, {
        value: values[index],
        writable: true,
        enumerable: true,
        configurable: true,
      });
    else (made as Record<string, unknown>)[key] = values[index];
  }
  origins.set(made, { doc, keys, values });
  return made;
}

/**
 * What code gave, as a value.
 *
 * @throws {MongoError} 17279 for a cycle, 16985 for a name with a null character, 2 for what has no type of BSON
 */
export function toValue(given: unknown, depth = 0): Value {
  switch (typeof given) {
    case "undefined":
      return depth === 0 ? null : Undefined;
    case "number":
      return new Double(given);
    case "string":
      return given;
    case "boolean":
      return given;
    case "function":
      return fromFunction(given);
    case "object":
      return given === null ? null : fromObject(given, depth);
    default:
      throw new MongoError(2, "unable to get type");
  }
}

function fromFunction(given: object): Value {
  if (given === minKey) return MinKey;
  if (given === maxKey) return MaxKey;
  const { code } = codes.get(given) ?? { code: Function.prototype.toString.call(given) };
  return new Code(code);
}

function fromObject(given: object, depth: number): Value {
  if (depth > depthMax)
    throw new MongoError(
      17_279,
      `Exceeded depth limit of ${depthMax} when converting js object to BSON. Do you have a cycle?`,
    );
  if (Array.isArray(given)) return Array.from(given, (each) => toValue(each, depth + 1));
  if (given instanceof Date) {
    const ms = given.getTime();
    return toDateTime(Number.isNaN(ms) ? 0 : ms);
  }
  if (given instanceof RegExp) return new Regex(given.source, given.flags);
  return fromClass(given) ?? fromPlainObject(given, depth);
}

function fromClass(given: object): Value | undefined {
  if (given instanceof NumberLong) return NumberLong.read(given);
  if (given instanceof NumberInt) return NumberInt.read(given);
  if (given instanceof NumberDecimal) return NumberDecimal.read(given);
  if (given instanceof ScriptObjectId) return ScriptObjectId.read(given);
  if (given instanceof BinData) return BinData.read(given);
  return given instanceof ScriptTimestamp ? ScriptTimestamp.read(given) : undefined;
}

function fromPlainObject(given: object, depth: number): Value {
  const origin = origins.get(given);
  if (origin !== undefined && isUnchanged(given, origin)) return origin.doc;
  return Doc.fromEntries(
    Object.entries(given).map(([key, each]: [string, unknown]) => {
      if (key.includes("\0"))
        throw new MongoError(
          16_985,
          "JavaScript property (name) contains a null char which is not allowed in BSON. ",
        );
      const isInteger = typeof each === "number" && (each | 0) === each && !Object.is(each, -0);
      // A field that held an integer goes on to hold one.
      const stays = isInteger && typeof origin?.doc.get(key) === "number";
      return [key, stays ? each : toValue(each, depth + 1)];
    }),
  );
}

function isUnchanged(given: object, { keys, values }: Origin): boolean {
  const now = Object.keys(given);
  return (
    now.length === keys.length &&
    now.every((key, index) => {
      if (key !== keys[index]) return false;
      return isSame((given as Readonly<Record<string, unknown>>)[key], values[index]);
    })
  );
}

function isSame(now: unknown, then: unknown): boolean {
  if (!Object.is(now, then)) return false;
  if (typeof now !== "object" || now === null) return true;
  const origin = origins.get(now);
  if (origin !== undefined) return isUnchanged(now, origin);
  if (now instanceof Date || now instanceof ScriptTimestamp) return prints.get(now) === print(now);
  if (!Array.isArray(now)) return true;
  const before = elements.get(now) ?? [];
  return now.length === before.length && now.every((each, index) => isSame(each, before[index]));
}
