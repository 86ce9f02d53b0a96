/** The `EJSON` that functions see: canonical on the way out, types kept on the way in. */
import { EJSON as Codec } from "bson";
import { Double, Int32, Long } from "./bson-classes.ts";

const depthMax = 200;

/** Their value says what they are; an object that only looks like one stays an object. */
const wrappers: ReadonlySet<string> = new Set([
  "$oid",
  "$numberInt",
  "$numberLong",
  "$numberDouble",
  "$numberDecimal",
  "$date",
  "$binary",
  "$uuid",
  "$timestamp",
  "$regularExpression",
  "$regex",
  "$symbol",
  "$code",
  "$minKey",
  "$maxKey",
  "$undefined",
  "$dbPointer",
]);

export const ejsonGlobal: Readonly<Record<string, unknown>> = {
  parse: (text: unknown): unknown => typed(JSON.parse(String(text)), 0),
  stringify: stringifyEjson,
};

/** Atlas: a whole number is printed as `$numberLong`, as the original's documentation shows. */
function stringifyEjson(
  value: unknown,
  replacer?: unknown,
  space?: unknown,
  options?: unknown,
): string | undefined {
  if (value === undefined) return undefined;
  const given = (options ?? (isOptions(replacer) ? replacer : undefined)) as
    | { readonly relaxed?: boolean }
    | undefined;
  const isRelaxed = given?.relaxed === true;
  return Codec.stringify(
    isRelaxed ? value : withTypes(value, 0),
    (typeof replacer === "function" || Array.isArray(replacer) ? replacer : undefined) as never,
    space as never,
    { relaxed: isRelaxed },
  );
}

function isOptions(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Values whose numbers say which type they have. */
function withTypes(value: unknown, depth: number): unknown {
  if (typeof value === "number") return typedNumber(value);
  if (typeof value !== "object" || value === null) return value;
  mustBeShallow(depth);
  if (Array.isArray(value)) return value.map((each: unknown) => withTypes(each, depth + 1));
  if (!isPlain(value)) return value;
  return copyFields(value, (each) => withTypes(each, depth + 1));
}

function typedNumber(value: number): Double | Long {
  return Number.isSafeInteger(value) && !Object.is(value, -0)
    ? Long.fromNumber(value)
    : new Double(value);
}

function typed(value: unknown, depth: number): unknown {
  if (typeof value !== "object" || value === null) return value;
  mustBeShallow(depth);
  if (Array.isArray(value)) return value.map((each: unknown) => typed(each, depth + 1));
  const [first] = Object.keys(value);
  if (first !== undefined && wrappers.has(first)) return readWrapper(value);
  return copyFields(value, (each) => typed(each, depth + 1));
}

function readWrapper(value: object): unknown {
  const { read } = Codec.deserialize({ read: value }, { relaxed: false }) as {
    readonly read: unknown;
  };
  return read instanceof Int32 || read instanceof Double ? read.value : read;
}

function copyFields(value: object, change: (each: unknown) => unknown): object {
  const copy = {};
  for (const key of Object.keys(value))
    Object.defineProperty(copy, key, {
      value: change((value as Readonly<Record<string, unknown>>)[key]),
      writable: true,
      enumerable: true,
      configurable: true,
    });
  return copy;
}

function isPlain(value: object): boolean {
  if ("_bsontype" in value) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function mustBeShallow(depth: number): void {
  if (depth > depthMax) throw new RangeError(`more than ${depthMax} levels of nesting`);
}
