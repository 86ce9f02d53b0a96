/** An app's files as one run of compressed bytes, to store and to send; the same files give the same bytes. */
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { Fault } from "../kit/fault.ts";

export type AppFiles = ReadonlyMap<string, Uint8Array>;

const zip = promisify(gzip);
const unzip = promisify(gunzip);
const unpackedBytesMax = 288 * 2 ** 20;
const filesMax = 20_000;
const mark = Buffer.from("PTL1");

/** Packs files in the order of their paths. */
export async function packFiles(files: AppFiles): Promise<Buffer> {
  const parts: Uint8Array[] = [mark];
  for (const [path, bytes] of [...files].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const name = Buffer.from(path);
    parts.push(lengthOf(name), name, lengthOf(bytes), bytes);
  }
  return zip(Buffer.concat(parts));
}

function lengthOf(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return length;
}

/** @throws {Fault} `BadRequest` for bytes that `packFiles` did not make, or that hold too much */
export async function unpackFiles(packed: Uint8Array): Promise<Map<string, Uint8Array>> {
  const bytes = await unzip(packed, { maxOutputLength: unpackedBytesMax }).catch(() => undefined);
  if (bytes === undefined || !bytes.subarray(0, mark.length).equals(mark)) throw noPackage();
  const files = new Map<string, Uint8Array>();
  let at = mark.length;
  const take = (): Buffer => {
    if (at + 4 > bytes.length) throw noPackage();
    const end = at + 4 + bytes.readUInt32BE(at);
    if (end > bytes.length) throw noPackage();
    const part = bytes.subarray(at + 4, end);
    at = end;
    return part;
  };
  while (at < bytes.length) {
    const path = take().toString("utf8");
    files.set(path, take());
    if (files.size > filesMax) throw noPackage();
  }
  return files;
}

function noPackage(): Fault {
  return new Fault("BadRequest", "the body is no packed app directory");
}
