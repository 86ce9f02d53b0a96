/** Writing tar archives, sound ones and others. */

export interface TarEntry {
  readonly path: string;
  readonly content?: string | Uint8Array;
  /** `0` a file (the default), `5` a folder, `2` a link, `L` a longer name for the next, `x` fields for the next. */
  readonly type?: string;
  readonly link?: string;
  /** Instead of what it is. */
  readonly size?: number;
  readonly checksum?: number;
}

const blockBytes = 512;

export function writeTar(entries: readonly TarEntry[]): Buffer {
  const parts: Buffer[] = [];
  for (const entry of entries) {
    const content = Buffer.from(entry.content ?? "");
    const head = Buffer.alloc(blockBytes);
    head.write(entry.path, 0, 100);
    head.write("0000644\0", 100);
    head.write(`${(entry.size ?? content.length).toString(8).padStart(11, "0")}\0`, 124);
    head.write(entry.type ?? "0", 156);
    head.write(entry.link ?? "", 157, 100);
    head.write("ustar\u000000", 257, "latin1");
    head.write(" ".repeat(8), 148);
    const sum = entry.checksum ?? head.reduce((total, byte) => total + byte, 0);
    head.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    const padding = (blockBytes - (content.length % blockBytes)) % blockBytes;
    parts.push(head, content, Buffer.alloc(padding));
  }
  return Buffer.concat([...parts, Buffer.alloc(2 * blockBytes)]);
}

/** A package as npm packs it: `npm install` takes it without a network. */
export function packPackage(name: string, version: string, source: string): Buffer {
  return writeTar([
    { path: "package/package.json", content: JSON.stringify({ name, version, main: "index.js" }) },
    { path: "package/index.js", content: source },
  ]);
}
