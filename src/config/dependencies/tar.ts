/** Reading tar archives: as POSIX has them, with the long names of GNU and pax. */
import { createPacer } from "../../kit/pacer.ts";
import { buildTree, refused, type Tree } from "./tree.ts";

const blockBytes = 512;
/** Of a head that only holds a longer name. */
const nameBytesMax = 64 * 1024;

/** @throws {Fault} `BadRequest` for links, devices, paths that lead out, and what is damaged */
export async function readTar(archive: Buffer): Promise<Tree> {
  const tree = buildTree();
  const pacer = createPacer();
  let at = 0;
  let longer: Longer = {};
  for (;;) {
    const entry = readEntry(archive, at, longer);
    if (entry === undefined) return tree.take();
    at = entry.end;
    if (heads.has(entry.type)) {
      // Names of everything that follows (g) are not names of anything.
      if (entry.type !== "g") longer = readLonger(entry, longer);
      continue;
    }
    longer = {};
    const { path, type, content } = entry;
    if (type === "5" || path.endsWith("/") || tree.skips(path)) continue;
    if (type !== "0" && type !== "\0") throw refused(`no links or devices, like ${show(path)}`);
    // A copy: the whole archive would be kept alive by one of its files.
    tree.add(path, Buffer.from(content));
    if (pacer.due()) await pacer.rest();
  }
}

/** Types of entries that say something of the next one, or of all. */
const heads: ReadonlySet<string> = new Set(["L", "x", "g"]);

interface Entry {
  readonly path: string;
  readonly type: string;
  readonly content: Buffer;
  /** Where the next one begins. */
  readonly end: number;
}

/** Undefined at the end of the archive. */
function readEntry(archive: Buffer, at: number, longer: Longer): Entry | undefined {
  const head = archive.subarray(at, at + blockBytes);
  if (head.length < blockBytes || head.every((byte) => byte === 0)) return undefined;
  mustAddUp(head);
  const start = at + blockBytes;
  const size = longer.size ?? readOctal(head, 124, 12);
  const content = archive.subarray(start, start + size);
  if (content.length < size) throw damaged();
  return {
    path: longer.path ?? nameOf(head),
    type: String.fromCharCode(head[156] ?? 0),
    content,
    end: start + Math.ceil(size / blockBytes) * blockBytes,
  };
}

interface Longer {
  readonly path?: string;
  readonly size?: number;
}

function nameOf(head: Buffer): string {
  const name = textAt(head, 0, 100);
  const isPosix = head.toString("latin1", 257, 262) === "ustar" && head[262] === 0;
  const prefix = isPosix ? textAt(head, 345, 155) : "";
  return prefix === "" ? name : `${prefix}/${name}`;
}

function textAt(head: Buffer, at: number, length: number): string {
  const end = head.indexOf(0, at);
  return head.toString("utf8", at, end < 0 || end > at + length ? at + length : end);
}

function readOctal(head: Buffer, at: number, length: number): number {
  const text = head.toString("latin1", at, at + length).replace(/[\0 ]+/g, "");
  if (!/^[0-7]*$/.test(text)) throw damaged();
  return text === "" ? 0 : Number.parseInt(text, 8);
}

/** The checksum counts its own field as blanks. */
function mustAddUp(head: Buffer): void {
  let sum = 0;
  for (let index = 0; index < blockBytes; index += 1)
    sum += index >= 148 && index < 156 ? 0x20 : (head[index] ?? 0);
  if (sum !== readOctal(head, 148, 8)) throw damaged();
}

function readLonger({ type, content }: Entry, former: Longer): Longer {
  if (content.length > nameBytesMax) throw damaged();
  if (type === "L") return { ...former, path: content.toString("utf8").replace(/\0.*$/s, "") };
  const found: { path?: string; size?: number } = { ...former };
  for (let at = 0; at < content.length;) {
    const length = Number.parseInt(content.toString("latin1", at, at + 12), 10);
    if (!(length > 0) || at + length > content.length) throw damaged();
    const record = content.toString("utf8", at, at + length - 1);
    const [, key, value] = /^\d+ ([^=]+)=(.*)$/s.exec(record) ?? [];
    if (key === "path" && value !== undefined) found.path = value;
    if (key === "size" && /^\d{1,12}$/.test(value ?? "")) found.size = Number(value);
    at += length;
  }
  return found;
}

function damaged(): Error {
  return refused("the archive is damaged");
}

function show(path: string): string {
  return JSON.stringify(path.slice(0, 120));
}
