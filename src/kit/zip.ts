/** Writing ZIP archives; the same files give the same bytes. */
import { promisify } from "node:util";
import { crc32, deflateRaw, deflateRawSync } from "node:zlib";

/** 1980-01-01, the first day that the format knows. */
const dosDate = 0x21;
const deflated = 8;
const isUtf8 = 0x800;
/** Regular file, 0644, made on Unix: with mode 0, some programs make files that nobody can read. */
const attributes = 0o100644 * 0x10000;
const madeOnUnix = 0x031e;
const version = 20;

const deflate = promisify(deflateRaw);

/** In memory. @param files path with `/` → content, below 4 GiB in all */
export function writeZip(files: ReadonlyMap<string, Uint8Array>): Buffer {
  const archive = openArchive();
  const parts = [...files].map(([path, bytes]) => archive.add(path, bytes, deflateRawSync(bytes)));
  return Buffer.concat([...parts, archive.end()]);
}

/** Piece by piece, compressed off the event loop. @param files as for `writeZip` */
export async function* streamZip(
  files: ReadonlyMap<string, Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const archive = openArchive();
  for (const [path, bytes] of files) yield archive.add(path, bytes, await deflate(bytes));
  yield archive.end();
}

interface Archive {
  /** @returns the bytes of the entry */
  add(path: string, bytes: Uint8Array, packed: Uint8Array): Uint8Array;
  /** @returns the table of contents */
  end(): Uint8Array;
}

function openArchive(): Archive {
  const directory: Uint8Array[] = [];
  let at = 0;
  let count = 0;
  function add(path: string, bytes: Uint8Array, packed: Uint8Array): Uint8Array {
    const name = Buffer.from(path);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(version, 0);
    common.writeUInt16LE(isUtf8, 2);
    common.writeUInt16LE(deflated, 4);
    common.writeUInt16LE(dosDate, 8);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(name.length, 22);
    const made = Buffer.alloc(2);
    made.writeUInt16LE(madeOnUnix);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(attributes, 6);
    rest.writeUInt32LE(at, 10);
    directory.push(Buffer.from("PK\x01\x02"), made, common, rest, name);
    at += 4 + common.length + name.length + packed.length;
    count += 1;
    return Buffer.concat([Buffer.from("PK\x03\x04"), common, name, packed]);
  }
  return {
    add,
    end() {
      const size = directory.reduce((sum, part) => sum + part.length, 0);
      const end = Buffer.alloc(18);
      end.writeUInt16LE(count, 4);
      end.writeUInt16LE(count, 6);
      end.writeUInt32LE(size, 8);
      end.writeUInt32LE(at, 12);
      return Buffer.concat([...directory, Buffer.from("PK\x05\x06"), end]);
    },
  };
}
