/** Relaxed Extended JSON, version 2: numbers and dates as people write them, all else as in canonical. */
import { readDouble, readInt32, readInt64Loose } from "../decode.ts";
import { year10000Ms } from "../iso-date.ts";
import type { TextWriter } from "../text-writer.ts";
import { pointed, writeDate, writeDouble, writeWrapped } from "./canonical.ts";
import { int64, integer, isoDate } from "./primitive.ts";

export function writeRelaxed(out: TextWriter, bytes: Buffer, type: number, at: number): void {
  switch (type) {
    case 16:
      integer(out, readInt32(bytes, at));
      return;
    case 18:
      int64(out, bytes, at);
      return;
    case 1: {
      const value = readDouble(bytes, at);
      // Whole doubles keep their point, so that text that is read back has the types it had.
      if (Number.isFinite(value)) pointed(out, value);
      else writeDouble(out, value);
      return;
    }
    case 9:
      writeRelaxedDate(out, bytes, at);
      return;
    default:
      writeWrapped(out, bytes, type, at);
  }
}

/** ISO text for the years 1970 to 9999, milliseconds only where there are some. */
function writeRelaxedDate(out: TextWriter, bytes: Buffer, at: number): void {
  const ms = readInt64Loose(bytes, at);
  if (typeof ms !== "number" || ms < 0 || ms >= year10000Ms) {
    writeDate(out, bytes, at);
    return;
  }
  out.ascii('{"$date":"');
  isoDate(out, ms);
  if (ms % 1000 === 0) {
    // Over the point, before the Z.
    out.at -= 5;
    out.byte(0x5a);
  }
  out.ascii('"}');
}
