/** `$bitsAllSet` and its kin: on whole numbers as 64 bits in two's complement, and on bytes. */
import type { NumberValue } from "../../bson/compare.ts";
import { Binary, int64Min, isNumber, type Value } from "../../bson/value.ts";
import { serverBytes } from "../binary-bytes.ts";
import type { FilterNode } from "../filter-node.ts";
import { toExactInteger, toRoundedInteger } from "../number-value.ts";
import type { ValueTest } from "./traverse.ts";

type Bits = Extract<FilterNode, { kind: "bits" }>;

/** Says of one position whether it is set. */
type IsSet = (position: number) => boolean;

export function compileBits(node: Bits): ValueTest {
  const wantsSet = node.want === "allSet" || node.want === "anySet";
  const isAll = node.want === "allSet" || node.want === "allClear";
  const scan = node.mask === undefined ? scanList(node.positions) : scanMask(node.mask);
  return (value) => {
    const isSet = bitsOf(value);
    if (isSet === undefined) return false;
    // All are as wanted when none is otherwise.
    return isAll
      ? !scan((position) => isSet(position) !== wantsSet)
      : scan((position) => isSet(position) === wantsSet);
  };
}

/** Whether any of the positions fulfils the condition. */
type Scan = (condition: IsSet) => boolean;

function scanList(positions: readonly number[]): Scan {
  return (condition) => positions.some(condition);
}

function scanMask(mask: Uint8Array): Scan {
  return (condition) => {
    for (let index = 0; index < mask.length; index += 1)
      for (let rest = mask[index] as number, bit = 0; rest !== 0; rest >>= 1, bit += 1)
        if ((rest & 1) === 1 && condition(index * 8 + bit)) return true;
    return false;
  };
}

/** A double must be an int64 exactly; a decimal is rounded, and what is out of range counts as the lowest int64. */
function wholeOf(value: NumberValue): bigint | undefined {
  if (typeof value !== "object" || value.bsonType === 1) return toExactInteger(value);
  return toRoundedInteger(value) ?? int64Min;
}

function bitsOf(value: Value | undefined): IsSet | undefined {
  if (isNumber(value)) {
    const whole = wholeOf(value);
    if (whole === undefined) return undefined;
    const isNegative = whole < 0n;
    const bits = BigInt.asUintN(64, whole);
    const low = Number(bits & 0xffff_ffffn);
    const high = Number(bits >> 32n);
    return (position) => {
      if (position >= 64) return isNegative;
      return (((position < 32 ? low : high) >>> (position % 32)) & 1) === 1;
    };
  }
  if (!(value instanceof Binary)) return undefined;
  const bytes = serverBytes(value);
  return (position) => (((bytes[Math.floor(position / 8)] ?? 0) >> (position % 8)) & 1) === 1;
}
