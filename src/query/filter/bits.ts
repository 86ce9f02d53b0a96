/** `$bitsAllSet` and its kin: the operand is a mask, as a number, a list of positions or bytes. */
import { printBson } from "../../bson/print.ts";
import { isArray, isNumber, type Value } from "../../bson/value.ts";
import { badValue } from "../../kit/mongo-error.ts";
import { serverBytes } from "../binary-bytes.ts";
import type { FilterNode } from "../filter-node.ts";
import { readNonNegativeInt32, readNonNegativeInteger } from "../integer-operand.ts";
import { prefixed } from "./number.ts";

type Bits = Extract<FilterNode, { kind: "bits" }>;

export function parseBits(
  path: string,
  want: Bits["want"],
  operand: Value,
  name: string,
): FilterNode {
  if (isNumber(operand))
    return {
      kind: "bits",
      path,
      want,
      positions: positionsOf(readNonNegativeInteger(operand, name)),
    };
  if (isArray(operand)) return { kind: "bits", path, want, positions: readPositions(operand) };
  if (operand !== null && typeof operand === "object" && operand.bsonType === 5)
    return { kind: "bits", path, want, positions: [], mask: serverBytes(operand) };
  throw badValue(
    `${path} takes an Array, a number, or a BinData but received: ${name}: ${printBson(operand)}`,
  );
}

function positionsOf(mask: bigint): number[] {
  const positions: number[] = [];
  for (let rest = mask, position = 0; rest > 0n; rest >>= 1n, position += 1)
    if ((rest & 1n) === 1n) positions.push(position);
  return positions;
}

function readPositions(operand: readonly Value[]): number[] {
  const positions = operand.map((each, index) =>
    prefixed("Failed to parse bit position. ", () => readNonNegativeInt32(each, String(index))),
  );
  return [...new Set(positions)].toSorted((left, right) => left - right);
}
