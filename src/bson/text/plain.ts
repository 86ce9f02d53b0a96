/**
 * The lossy JSON of `Accept: application/json` (SPEC §3.2).
 *
 * Atlas: what its documentation leaves open follows Go's `encoding/json` over the Go driver's types.
 */
import { endOfCstring, readDecimalAt, readDouble, readInt32, readInt64Loose } from "../decode.ts";
import { year0Ms, year10000Ms } from "../iso-date.ts";
import type { TextWriter } from "../text-writer.ts";
import {
  int64,
  integer,
  isoDate,
  quotedBase64,
  quotedBytes,
  quotedObjectId,
  quotedString,
  shortest,
  uint32,
} from "./primitive.ts";

export function writePlain(out: TextWriter, bytes: Buffer, type: number, at: number): void {
  switch (type) {
    case 2:
    case 13:
    case 14:
      quotedString(out, bytes, at);
      return;
    case 16:
      integer(out, readInt32(bytes, at));
      return;
    case 7:
      quotedObjectId(out, bytes, at);
      return;
    case 1:
      writeDouble(out, readDouble(bytes, at));
      return;
    case 8:
      out.ascii(bytes[at] === 0 ? "false" : "true");
      return;
    case 9:
      writeDate(out, readInt64Loose(bytes, at));
      return;
    case 18:
      // Atlas: beyond 2^53 the digits are exact, even where JavaScript's own reader will round them.
      int64(out, bytes, at);
      return;
    default:
      writeRare(out, bytes, type, at);
  }
}

/** Atlas: NaN and infinities, which JSON has no numbers for, are strings. */
function writeDouble(out: TextWriter, value: number): void {
  if (Number.isFinite(value)) shortest(out, value);
  else out.ascii(`"${value}"`);
}

/** The latest and (negated) earliest moment that JavaScript has a date for. */
const dateMsMax = 8.64e15;

/** Atlas: dates beyond the years that ISO text can hold are their milliseconds, as a string. */
function writeDate(out: TextWriter, ms: number | bigint): void {
  out.byte(0x22);
  if (typeof ms === "number" && ms >= year0Ms && ms < year10000Ms) isoDate(out, ms);
  else if (typeof ms === "number" && Math.abs(ms) <= dateMsMax)
    out.ascii(new Date(ms).toISOString());
  else out.ascii(ms.toString());
  out.byte(0x22);
}

function writeRare(out: TextWriter, bytes: Buffer, type: number, at: number): void {
  switch (type) {
    case 10:
    case 6:
      out.ascii("null");
      return;
    case 19:
      out.ascii(`"${readDecimalAt(bytes, at).toString()}"`);
      return;
    case 5:
      out.ascii('{"Subtype":');
      integer(out, bytes[at + 4] as number);
      out.ascii(',"Data":');
      quotedBase64(out, bytes, at);
      out.byte(0x7d);
      return;
    case 11:
      writeRegex(out, bytes, at);
      return;
    case 17:
      out.ascii('{"T":');
      uint32(out, bytes, at + 4);
      out.ascii(',"I":');
      uint32(out, bytes, at);
      out.byte(0x7d);
      return;
    case 12:
      out.ascii('{"DB":');
      quotedString(out, bytes, at);
      out.ascii(',"Pointer":');
      quotedObjectId(out, bytes, at + 4 + readInt32(bytes, at));
      out.byte(0x7d);
      return;
    case 127:
    case 255:
      out.ascii("{}");
      return;
    default:
      throw new TypeError(`unknown BSON type ${type}`);
  }
}

function writeRegex(out: TextWriter, bytes: Buffer, at: number): void {
  const patternEnd = endOfCstring(bytes, at);
  out.ascii('{"Pattern":');
  quotedBytes(out, bytes, at, patternEnd);
  out.ascii(',"Options":');
  quotedBytes(out, bytes, patternEnd + 1, endOfCstring(bytes, patternEnd + 1));
  out.byte(0x7d);
}
