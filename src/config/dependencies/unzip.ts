/** Reading ZIP archives: stored and deflated files, without encryption, below 4 GiB. */
import { promisify } from "node:util";
import { crc32, inflateRaw } from "node:zlib";
import { buildTree, refused, type Tree, treeFilesMax } from "./tree.ts";

const inflate = promisify(inflateRaw);

const endMark = 0x06054b50;
const entryMark = 0x02014b50;
const fileMark = 0x04034b50;
const endBytes = 22;
const entryBytes = 46;
const fileBytes = 30;
/** A comment may stand behind the end. */
const commentBytesMax = 65_535;
/** Entries for folders, and those that are left out, come on top. */
const entriesMax = 2 * treeFilesMax;

/** @throws {Fault} `BadRequest` for links, paths that lead out, and what is damaged or encrypted */
export async function readZip(archive: Buffer): Promise<Tree> {
  const tree = buildTree();
  for (const entry of listEntries(archive)) {
    if (entry.path.endsWith("/") || tree.skips(entry.path)) continue;
    if (entry.isLink) throw refused(`no links, like ${JSON.stringify(entry.path.slice(0, 120))}`);
    tree.add(entry.path, await contentOf(archive, entry, tree.bytesLeft));
  }
  return tree.take();
}

interface Entry {
  readonly path: string;
  readonly isLink: boolean;
  readonly isEncrypted: boolean;
  readonly method: number;
  readonly checksum: number;
  readonly packedBytes: number;
  readonly bytes: number;
  /** Where its own head is. */
  readonly at: number;
}

function listEntries(archive: Buffer): readonly Entry[] {
  const end = findEnd(archive);
  const count = archive.readUInt16LE(end + 10);
  let at = archive.readUInt32LE(end + 16);
  if (count > entriesMax) throw refused("too many files");
  const entries: Entry[] = [];
  for (let index = 0; index < count; index += 1) {
    if (at + entryBytes > end || archive.readUInt32LE(at) !== entryMark) throw damaged();
    const nameBytes = archive.readUInt16LE(at + 28);
    const restBytes = archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
    const isUnix = archive.readUInt8(at + 5) === 3;
    entries.push({
      path: archive.toString("utf8", at + entryBytes, at + entryBytes + nameBytes),
      isLink: isUnix && archive.readUInt32LE(at + 38) >>> 28 === 0xa,
      isEncrypted: (archive.readUInt16LE(at + 8) & 1) !== 0,
      method: archive.readUInt16LE(at + 10),
      checksum: archive.readUInt32LE(at + 16),
      packedBytes: archive.readUInt32LE(at + 20),
      bytes: archive.readUInt32LE(at + 24),
      at: archive.readUInt32LE(at + 42),
    });
    at += entryBytes + nameBytes + restBytes;
  }
  return entries;
}

function findEnd(archive: Buffer): number {
  const first = Math.max(0, archive.length - endBytes - commentBytesMax);
  for (let at = archive.length - endBytes; at >= first; at -= 1)
    if (archive.readUInt32LE(at) === endMark) return at;
  throw damaged();
}

/** What the entry says of its sizes is checked, not believed. */
async function contentOf(archive: Buffer, entry: Entry, bytesMax: number): Promise<Buffer> {
  const { at, method, packedBytes, bytes, checksum } = entry;
  if (entry.isEncrypted) throw refused("the archive is encrypted");
  if (bytes > bytesMax) throw refused("the archive holds too much");
  if (at + fileBytes > archive.length || archive.readUInt32LE(at) !== fileMark) throw damaged();
  const start = at + fileBytes + archive.readUInt16LE(at + 26) + archive.readUInt16LE(at + 28);
  const packed = archive.subarray(start, start + packedBytes);
  const content = await unpack(packed, method, bytes);
  if (content.length !== bytes || crc32(content) !== checksum) throw damaged();
  return content;
}

async function unpack(packed: Buffer, method: number, bytes: number): Promise<Buffer> {
  if (method === 0) return Buffer.from(packed);
  if (method !== 8) throw refused("the archive is compressed in a way that is not known here");
  try {
    return await inflate(packed, { maxOutputLength: Math.max(bytes, 1) });
  } catch {
    throw damaged();
  }
}

function damaged(): Error {
  return refused("the archive is damaged");
}
