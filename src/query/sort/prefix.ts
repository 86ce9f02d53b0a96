/**
 * A number for the beginning of each key, which never orders two keys against their comparison; equal numbers decide
 * nothing.
 */
import { rankOf } from "../../bson/compare.ts";
import type { ValueColumn } from "../../bson/value-column.ts";
import { BsonSymbol, DateTime, isNumber, ObjectId, type Value } from "../../bson/value.ts";
import type { Pacer } from "../../kit/pacer.ts";
import { toDouble } from "../number.ts";

/** The first parts of keys, by position. */
export interface LeadingParts {
  /** `rankOf` of bson/compare.ts. */
  rankAt(position: number): number;
  /** How much this text and the first one have in common at their beginning, up to `most`; 0 where one is no text. */
  commonAt(position: number, most: number): number;
  /** @param common what all texts begin with, which tells nothing */
  prefixAt(position: number, common: number): number;
}

export async function computePrefixes(
  count: number,
  parts: LeadingParts,
  direction: 1 | -1,
  pacer: Pacer,
): Promise<Float64Array> {
  const prefixes = new Float64Array(count);
  const common = { isOneKind: true, length: Number.POSITIVE_INFINITY };
  for (let start = 0; start < count; start += perLook) {
    findCommon(parts, common, start, Math.min(start + perLook, count));
    // oxlint-disable-next-line no-await-in-loop
    if (pacer.due(perLook)) await pacer.rest();
  }
  for (let start = 0; start < count; start += perLook) {
    fillPrefixes(prefixes, parts, common, direction, start, Math.min(start + perLook, count));
    // oxlint-disable-next-line no-await-in-loop
    if (pacer.due(perLook)) await pacer.rest();
  }
  return prefixes;
}

/** Keys between two looks at the pacer. */
const perLook = 256;

/** What all keys have in common. */
interface Common {
  isOneKind: boolean;
  /** Of texts, at their beginning. */
  length: number;
}

function findCommon(parts: LeadingParts, common: Common, start: number, end: number): void {
  const rank = parts.rankAt(0);
  for (let position = start; position < end; position += 1) {
    if (parts.rankAt(position) !== rank) common.isOneKind = false;
    if (common.length > 0) common.length = parts.commonAt(position, common.length);
  }
}

function fillPrefixes(
  prefixes: Float64Array,
  parts: LeadingParts,
  { isOneKind, length }: Common,
  direction: 1 | -1,
  start: number,
  end: number,
): void {
  for (let position = start; position < end; position += 1)
    // Keys of several kinds: the kind is the number.
    prefixes[position] =
      (isOneKind ? parts.prefixAt(position, length) : parts.rankAt(position)) * direction;
}

export function partsOfValues(leading: (position: number) => Value): LeadingParts {
  return {
    rankAt: (position) => rankOf(leading(position)),
    commonAt: (position, most) => commonLength(leading(0), leading(position), most),
    prefixAt(position, common): number {
      const value = leading(position);
      const text = textOf(value);
      return text === undefined ? prefixOf(value) : textPrefix(text, common);
    },
  };
}

export function partsOfColumn(column: ValueColumn): LeadingParts {
  return {
    rankAt: (position) => column.rankAt(position),
    commonAt: (position, most) => column.commonBytes(0, position, most),
    prefixAt: (position, common) =>
      column.textDigits(position, common, prefixLength) ?? prefixOf(column.at(position) ?? null),
  };
}

function textOf(value: Value): string | undefined {
  if (typeof value === "string") return value;
  return value instanceof BsonSymbol ? value.text : undefined;
}

function commonLength(one: Value, other: Value, most: number): number {
  const [first, text] = [textOf(one), textOf(other)];
  if (first === undefined || text === undefined) return 0;
  const end = Math.min(most, first.length);
  let length = 0;
  while (length < end && first.charCodeAt(length) === text.charCodeAt(length)) length += 1;
  return length;
}

/** Of what is no text. */
function prefixOf(value: Value): number {
  if (isNumber(value)) return numberPrefix(toDouble(value));
  if (value instanceof DateTime) return Number(value.ms);
  if (value instanceof ObjectId) return value.a * 2 ** 21 + (value.b >>> 11);
  return typeof value === "boolean" ? Number(value) : 0;
}

/** NaN is below all numbers; infinities would make NaN of a difference. */
function numberPrefix(value: number): number {
  if (Number.isNaN(value)) return -Number.MAX_VALUE;
  return Math.min(Math.max(value, -Number.MAX_VALUE), Number.MAX_VALUE);
}

const prefixLength = 6;

/** The first characters as digits of base 256; from the first that is not ASCII on, all count the same. */
function textPrefix(text: string, start: number): number {
  let prefix = 0;
  let isAscii = true;
  for (let index = start; index < start + prefixLength; index += 1) {
    let digit = 0;
    if (isAscii && index < text.length) {
      digit = text.charCodeAt(index);
      if (digit > 127) {
        digit = 128;
        isAscii = false;
      }
    }
    prefix = prefix * 256 + digit;
  }
  return prefix;
}
