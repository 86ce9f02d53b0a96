/** Canonical Extended JSON, version 2: every number and date in its wrapper. */
import { endOfCstring, readDecimalAt, readDouble, readInt32 } from "../decode.ts";
import type { TextWriter } from "../text-writer.ts";
import {
  hexByte,
  int64,
  integer,
  quotedBase64,
  quotedBytes,
  quotedObjectId,
  quotedString,
  shortest,
  uint32,
} from "./primitive.ts";

export function writeCanonical(out: TextWriter, bytes: Buffer, type: number, at: number): void {
  switch (type) {
    case 16:
      out.ascii('{"$numberInt":"');
      integer(out, readInt32(bytes, at));
      out.ascii('"}');
      return;
    case 18:
      out.ascii('{"$numberLong":"');
      int64(out, bytes, at);
      out.ascii('"}');
      return;
    case 1:
      writeDouble(out, readDouble(bytes, at));
      return;
    case 9:
      writeDate(out, bytes, at);
      return;
    default:
      writeWrapped(out, bytes, type, at);
  }
}

/** A double in its wrapper; whole numbers with `.0`, so that they read back as doubles. */
export function writeDouble(out: TextWriter, value: number): void {
  out.ascii('{"$numberDouble":"');
  pointed(out, value);
  out.ascii('"}');
}

/** Shortest digits; whole numbers with `.0`, and with all their digits as js-bson has them below 10^21. */
export function pointed(out: TextWriter, value: number): void {
  if (Number.isSafeInteger(value)) {
    shortest(out, value);
    out.ascii(".0");
  } else out.ascii(Number.isInteger(value) ? value.toFixed(1) : value.toString());
}

export function writeDate(out: TextWriter, bytes: Buffer, at: number): void {
  out.ascii('{"$date":{"$numberLong":"');
  int64(out, bytes, at);
  out.ascii('"}}');
}

/** The types that look the same in canonical and relaxed form. */
export function writeWrapped(out: TextWriter, bytes: Buffer, type: number, at: number): void {
  switch (type) {
    case 2:
      quotedString(out, bytes, at);
      return;
    case 7:
      writeOid(out, bytes, at);
      return;
    case 8:
      out.ascii(bytes[at] === 0 ? "false" : "true");
      return;
    case 10:
      out.ascii("null");
      return;
    case 19:
      out.ascii('{"$numberDecimal":"');
      out.ascii(readDecimalAt(bytes, at).toString());
      out.ascii('"}');
      return;
    case 5:
      out.ascii('{"$binary":{"base64":');
      quotedBase64(out, bytes, at);
      out.ascii(',"subType":"');
      hexByte(out, bytes[at + 4] as number);
      out.ascii('"}}');
      return;
    default:
      writeRare(out, bytes, type, at);
  }
}

function writeOid(out: TextWriter, bytes: Buffer, at: number): void {
  out.ascii('{"$oid":');
  quotedObjectId(out, bytes, at);
  out.byte(0x7d);
}

function writeRare(out: TextWriter, bytes: Buffer, type: number, at: number): void {
  switch (type) {
    case 11:
      writeRegex(out, bytes, at);
      return;
    case 17:
      out.ascii('{"$timestamp":{"t":');
      uint32(out, bytes, at + 4);
      out.ascii(',"i":');
      uint32(out, bytes, at);
      out.ascii("}}");
      return;
    case 13:
    case 14:
      out.ascii(type === 13 ? '{"$code":' : '{"$symbol":');
      quotedString(out, bytes, at);
      out.byte(0x7d);
      return;
    case 12:
      out.ascii('{"$dbPointer":{"$ref":');
      quotedString(out, bytes, at);
      out.ascii(',"$id":');
      writeOid(out, bytes, at + 4 + readInt32(bytes, at));
      out.ascii("}}");
      return;
    case 6:
      out.ascii('{"$undefined":true}');
      return;
    case 127:
      out.ascii('{"$maxKey":1}');
      return;
    case 255:
      out.ascii('{"$minKey":1}');
      return;
    default:
      throw new TypeError(`unknown BSON type ${type}`);
  }
}

function writeRegex(out: TextWriter, bytes: Buffer, at: number): void {
  const patternEnd = endOfCstring(bytes, at);
  out.ascii('{"$regularExpression":{"pattern":');
  quotedBytes(out, bytes, at, patternEnd);
  out.ascii(',"options":');
  quotedBytes(out, bytes, patternEnd + 1, endOfCstring(bytes, patternEnd + 1));
  out.ascii("}}");
}
