/** Writing ZIP archives in memory; the same files give the same bytes. */
import { crc32, deflateRawSync } from "node:zlib";

/** 1980-01-01, the first day that the format knows. */
const dosDate = 0x21;
const deflated = 8;
const isUtf8 = 0x800;
/** Regular file, 0644, made on Unix: with mode 0, some programs make files that nobody can read. */
const attributes = 0o100644 * 0x10000;
const madeOnUnix = 0x031e;
const version = 20;

/** @param files path with `/` → content, below 4 GiB in all */
export function writeZip(files: ReadonlyMap<string, Uint8Array>): Buffer {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  for (const [path, bytes] of files) {
    const name = Buffer.from(path);
    const packed = deflateRawSync(bytes);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(version, 0);
    common.writeUInt16LE(isUtf8, 2);
    common.writeUInt16LE(deflated, 4);
    common.writeUInt16LE(dosDate, 8);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(name.length, 22);
    parts.push(Buffer.from("PK\x03\x04"), common, name, packed);
    const made = Buffer.alloc(2);
    made.writeUInt16LE(madeOnUnix);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(attributes, 6);
    rest.writeUInt32LE(at, 10);
    directory.push(Buffer.from("PK\x01\x02"), made, common, rest, name);
    at += 4 + common.length + name.length + packed.length;
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(files.size, 4);
  end.writeUInt16LE(files.size, 6);
  end.writeUInt32LE(size, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...parts, ...directory, Buffer.from("PK\x05\x06"), end]);
}
