/** An archive of `node_modules`, of one of the four kinds that the original took → its files. */
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { readTar } from "./tar.ts";
import { refused, type Tree, treeBytesMax } from "./tree.ts";
import { readZip } from "./unzip.ts";

export const archiveBytesMax: number = 15 * 2 ** 20;

const unzip = promisify(gunzip);

/** Heads and padding come on top of the files. */
const tarBytesMax = treeBytesMax + 64 * 2 ** 20;

const kinds: readonly (readonly [ending: RegExp, read: (bytes: Buffer) => Promise<Tree>])[] = [
  [/\.zip$/i, readZip],
  [/\.tar$/i, readTar],
  [/\.(?:tgz|tar\.gz)$/i, async (bytes) => readTar(await decompress(bytes))],
];

/**
 * @param name of the archive's file, which tells its kind
 * @throws {Fault} `BadRequest` for one that is too large, of another kind, damaged, or that reaches out of itself
 */
export async function readArchive(name: string, bytes: Buffer): Promise<Tree> {
  if (bytes.length > archiveBytesMax)
    throw refused(`an archive has at most ${archiveBytesMax} bytes`);
  const kind = kinds.find(([ending]) => ending.test(name));
  if (kind === undefined) throw refused("an archive ends in .zip, .tar, .tgz or .tar.gz");
  return kind[1](bytes);
}

async function decompress(bytes: Buffer): Promise<Buffer> {
  try {
    return await unzip(bytes, { maxOutputLength: tarBytesMax });
  } catch {
    throw refused("the archive is damaged, or holds too much");
  }
}
