/** Functions that make values of BSON's types, beside the classes. */
import { createHash, randomBytes } from "node:crypto";
import { readIsoDate } from "../../bson/iso-date.ts";
import { Binary } from "../../bson/value.ts";
import {
  BinData,
  DBPointer,
  DBRef,
  maxKey,
  minKey,
  ScriptObjectId,
  ScriptTimestamp,
} from "./classes.ts";
import { textOf } from "./named-class.ts";
import { NumberDecimal, NumberInt, NumberLong } from "./number-classes.ts";
import { ScriptFailure } from "./script-error.ts";

function binary(subType: number, hex: unknown): InstanceType<typeof BinData> {
  return new BinData(new Binary(subType, Buffer.from(textOf(hex), "hex")));
}

function UUID(text?: unknown): InstanceType<typeof BinData> {
  if (text === undefined) {
    const bytes = randomBytes(16);
    bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
    bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
    return new BinData(new Binary(4, bytes));
  }
  const hex = textOf(text).replaceAll("-", "");
  if (!/^[0-9a-f]{32}$/i.test(hex))
    throw new ScriptFailure(207, `Invalid UUID string: ${textOf(text)}`);
  return binary(4, hex);
}

function ISODate(text?: unknown): Date {
  if (text === undefined) return new Date();
  const compact = /^(\d{4})(\d\d)(\d\d)(?:[T ](\d\d)(?::?(\d\d))?(.*))?$/s.exec(textOf(text));
  const [, year, month, day, hour, minute = "00", rest = ""] = compact ?? [];
  const spread =
    compact === null
      ? textOf(text).replace(/([T ]\d\d)$/, "$1:00")
      : `${year}-${month}-${day}${hour === undefined ? "" : `T${hour}:${minute}${rest}`}`;
  const ms = readIsoDate(spread);
  if (ms === undefined) throw new Error(`invalid ISO date: ${textOf(text)}`);
  return new Date(ms);
}

/** By the names under which code finds them: the types of BSON and what makes values of them. */
export const scriptClasses: Readonly<Record<string, unknown>> = {
  NumberLong,
  NumberInt,
  NumberDecimal,
  ObjectId: ScriptObjectId,
  BinData,
  Timestamp: ScriptTimestamp,
  DBRef,
  DBPointer,
  MinKey: minKey,
  MaxKey: maxKey,
  UUID: new Proxy(UUID, { construct: (_target, [text]) => UUID(text) }),
  ISODate: new Proxy(ISODate, { construct: (_target, [text]) => ISODate(text) }),
  HexData: (subType: unknown, hex: unknown) => binary(Number(subType), hex),
  MD5: (hex: unknown) => binary(5, hex),
  hex_md5: (text: unknown) => createHash("md5").update(textOf(text)).digest("hex"),
};
