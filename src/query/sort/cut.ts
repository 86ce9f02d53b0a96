/** The last of the first few, so far: what comes after it is not wanted, which mostly shows in a document's bytes. */
import { compareBytes, readDouble, readInt32, readInt64Loose } from "../../bson/decode.ts";
import { readValue } from "../../bson/doc.ts";
import { findField, typeAt } from "../../bson/places.ts";
import { DateTime, Double, type Value } from "../../bson/value.ts";
import { arrayType, type Order, viewBytesMax } from "./keys.ts";

export interface Cut {
  /** Moves it to the key of the last one that is wanted. */
  set(key: Value): void;
  /** Whether the document at `start` is known to sort after that one, or with it. */
  isBehind(bytes: Buffer, start: number): boolean;
}

/** After so many documents that were looked at in vain, one after the other, looking rests for a while. */
const patienceMax = 64;
const restMax = 1024;

export function createCut(order: Order): Cut {
  const { field } = order;
  const direction = order.paths[0]?.direction ?? 1;
  let last: Value | undefined;
  /** The same as what its kind is compared by. */
  let lastNumber = Number.NaN;
  let lastMs = Number.NaN;
  let lastText: Buffer | undefined;

  // Where each document sorts before all earlier ones, as with the newest first, looking is of no use.
  let patience = patienceMax;
  let rested = 0;

  function isResting(): boolean {
    if (patience > 0) return false;
    rested += 1;
    if (rested < restMax) return true;
    rested = 0;
    patience = patienceMax;
    return false;
  }

  /** @returns NaN where this does not tell: NaN itself is below all numbers, and int64 may be beyond doubles */
  function differenceFrom(bytes: Buffer, type: number, at: number, key: Value): number {
    switch (type) {
      case 16:
        return readInt32(bytes, at) - lastNumber;
      case 1:
        return readDouble(bytes, at) - lastNumber;
      case 9: {
        const ms = readInt64Loose(bytes, at);
        return typeof ms === "number" ? ms - lastMs : Number.NaN;
      }
      case 2: {
        if (typeof key !== "string") return Number.NaN;
        lastText ??= Buffer.from(key);
        return compareBytes(bytes, at + 4, readInt32(bytes, at) - 1, lastText);
      }
      default:
        return Number.NaN;
    }
  }

  return {
    set(key): void {
      last = key;
      lastText = undefined;
      lastMs = key instanceof DateTime && typeof key.ms === "number" ? key.ms : Number.NaN;
      if (typeof key === "number") lastNumber = key;
      else lastNumber = key instanceof Double ? key.value : Number.NaN;
    },
    isBehind(bytes, start): boolean {
      if (last === undefined || field === undefined || isResting()) return false;
      if (readInt32(bytes, start) > viewBytesMax) return false;
      const at = findField(bytes, start, field);
      const type = at < 0 ? 0 : typeAt(bytes, at, field);
      if (type === arrayType && field !== "_id") return false;
      const difference = differenceFrom(bytes, type, at, last) * direction;
      const isBehind = Number.isNaN(difference)
        ? order.compare(type === 0 ? null : readValue(bytes, type, at), last) >= 0
        : difference >= 0;
      patience = isBehind ? patienceMax : patience - 1;
      return isBehind;
    },
  };
}
