/** Functions that the server gives to code beside the types of BSON. */
import { compare } from "../../bson/compare.ts";
import { Doc } from "../../bson/doc.ts";
import type { Value } from "../../bson/value.ts";
import { toValue } from "./convert.ts";
import { textOf } from "./named-class.ts";
import { tojson, tojsononeline } from "./tojson.ts";

const nothing = (): void => {};

/** The longest that code may sleep at once, in milliseconds: the deadline of its request comes first. */
const sleepMsMax = 60_000;

function sleep(ms: unknown): void {
  const time = Math.min(Math.max(Number(ms) || 0, 0), sleepMsMax);
  // Nobody else works in this process.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, time);
}

function assert(holds: unknown, message?: unknown): void {
  if (!(holds as boolean))
    throw new Error(`assert failed${message === undefined ? "" : ` : ${textOf(message)}`}`);
}

function doassert(message: unknown): never {
  throw new Error(textOf(message));
}

export const shellFunctions: Readonly<Record<string, unknown>> = {
  assert,
  doassert,
  sleep,
  tojson,
  tojsononeline,
  tojsonObject: tojson,
  isNumber: (value: unknown) => typeof value === "number",
  isString: (value: unknown) => typeof value === "string",
  isObject: (value: unknown) => typeof value === "object",
  // There is nowhere to print to.
  print: nothing,
  printjson: nothing,
  printjsononeline: nothing,
  gc: nothing,
  version: () => "6.0.5",
  // What the server's own `$where` once needed is still there.
  fullObject: true,
  bsonWoCompare: (left: unknown, right: unknown) =>
    Math.sign(compare(toValue(left), toValue(right))),
  bsonBinaryEqual: (left: unknown, right: unknown) => bytesOf(left).equals(bytesOf(right)),
};

function bytesOf(given: unknown): Buffer {
  const value: Value = toValue(given);
  return value instanceof Doc ? Buffer.from(value.toBytes()) : Doc.of({ value }).toBytes();
}

function sumOf(list: readonly unknown[]): number {
  return list.reduce((sum: number, each) => sum + Number(each), 0);
}

/** What the server's shell adds to JavaScript's own classes. */
export function extendIntrinsics(): void {
  add(Array, {
    contains: (list: readonly unknown[], value: unknown) => list.includes(value),
    unique: (list: readonly unknown[]) => [...new Set(list)],
    sum: sumOf,
    avg: (list: readonly unknown[]) => (list.length === 0 ? null : sumOf(list) / list.length),
    stdDev: deviationOf,
    tojson: (list: readonly unknown[], indent?: string, isOneLine?: boolean) =>
      tojson(list, indent, isOneLine),
  });
  add(Object, {
    extend: (target: object, source: object) => Object.assign(target, source),
    merge: (left: object, right: object) => ({ ...left, ...right }),
    keySet: (value: object) => Object.keys(value),
    bsonsize: (value: unknown) => bytesOf(value).length,
  });
  add(String.prototype, {
    ltrim(this: string) {
      return this.trimStart();
    },
    rtrim(this: string) {
      return this.trimEnd();
    },
    pad(this: string, length: number, atRight?: boolean, character = " ") {
      return atRight === true ? this.padEnd(length, character) : this.padStart(length, character);
    },
  });
  add(Number.prototype, {
    zeroPad(this: number, width: number) {
      return String(this).padStart(width, "0");
    },
    toPercentStr(this: number) {
      return `${(this * 100).toFixed(2)}%`;
    },
  });
}

function deviationOf(list: readonly unknown[]): number {
  const mean = sumOf(list) / list.length;
  return Math.sqrt(sumOf(list.map((each) => (Number(each) - mean) ** 2)) / list.length);
}

function add(target: object, methods: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(methods))
    Object.defineProperty(target, name, { value, writable: true, configurable: true });
}
