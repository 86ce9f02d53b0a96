import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { type TarEntry, writeTar } from "../../../test/support/tar.ts";
import { writeZip } from "../../kit/zip.ts";
import { readArchive } from "./archive.ts";

const long = `node_modules/${"a/".repeat(70)}b.js`;

const text = async (name: string, bytes: Buffer): Promise<Readonly<Record<string, string>>> =>
  Object.fromEntries(
    [...(await readArchive(name, bytes))].map(([path, content]) => [
      path,
      Buffer.from(content).toString(),
    ]),
  );

const files = { "node_modules/a/index.js": "1", "node_modules/@s/b/package.json": "{}" };
const sound: readonly TarEntry[] = [
  { path: "./", type: "5" },
  { path: "./node_modules/", type: "5" },
  ...Object.entries(files).map(([path, content]) => ({ path: `./${path}`, content })),
  { path: "node_modules/.bin/a", type: "2", link: "../a/index.js" },
  { path: "./._node_modules", content: "mac" },
  { path: "node_modules/.package-lock.json", content: "{}" },
];

test.for<[name: string, bytes: Buffer]>([
  ["node_modules.tar", writeTar(sound)],
  ["node_modules.tar.gz", gzipSync(writeTar(sound))],
  ["x.TGZ", gzipSync(writeTar(sound))],
  [
    "node_modules.zip",
    writeZip(new Map(Object.entries(files).map(([path, each]) => [path, Buffer.from(each)]))),
  ],
])("archive: %s", async ([name, bytes]) => {
  expect(await text(name, bytes)).toEqual(files);
});

test.for<[title: string, entries: readonly TarEntry[]]>([
  [
    "of GNU",
    [
      { path: "././@LongLink", type: "L", content: `${long}\0` },
      { path: "x", content: "1" },
    ],
  ],
  [
    "of pax",
    [
      { path: "g", type: "g", content: "13 path=a/b/c\n" },
      { path: "x", type: "x", content: `${long.length + 10} path=${long}\n` },
      { path: "x", content: "1" },
    ],
  ],
])("archive: long names %s", async ([, entries]) => {
  expect(await text("a.tar", writeTar(entries))).toEqual({ [long]: "1" });
});

const one = (path: string): Buffer => writeTar([{ path, content: "1" }]);
const zipped = writeZip(new Map([["node_modules/a.js", Buffer.from("1".repeat(100))]]));

/** A copy with other bytes at one place. */
function withBytes(bytes: Buffer, at: number, ...others: readonly number[]): Buffer {
  const copy = Buffer.from(bytes);
  copy.set(others, at);
  return copy;
}

const central = zipped.lastIndexOf("PK\u0001\u0002");

test.for<[title: string, name: string, bytes: Buffer, message: string]>([
  [
    "a path that leads out",
    "a.tar",
    one("node_modules/../../etc/passwd"),
    "must lie in node_modules/",
  ],
  ["an absolute path", "a.tar", one("/node_modules/a.js"), "must lie in node_modules/"],
  ["another folder", "a.tar", one("lib/a.js"), "must lie in node_modules/"],
  ["a folder itself", "a.tar", one("node_modules"), "must lie in node_modules/"],
  ["a backslash", "a.tar", one("node_modules\\..\\a.js"), "must lie in node_modules/"],
  ["a line feed", "a.tar", one("node_modules/a\n.js"), "must lie in node_modules/"],
  [
    "a link",
    "a.tar",
    writeTar([{ path: "node_modules/a", type: "2", link: "/etc/passwd" }]),
    "no links or devices",
  ],
  [
    "a hard link",
    "a.tar",
    writeTar([{ path: "node_modules/a", type: "1", link: "/etc/passwd" }]),
    "no links or devices",
  ],
  ["a device", "a.tar", writeTar([{ path: "node_modules/a", type: "3" }]), "no links or devices"],
  [
    "a long name that leads out",
    "a.tar",
    writeTar([{ path: "x", type: "x", content: "26 path=node_modules/../a\n" }, { path: "x" }]),
    "must lie in node_modules/",
  ],
  ["a wrong checksum", "a.tar", writeTar([{ path: "node_modules/a", checksum: 1 }]), "damaged"],
  [
    "a size beyond the end",
    "a.tar",
    writeTar([{ path: "node_modules/a", size: 99_999 }]),
    "damaged",
  ],
  ["nothing", "a.tar", writeTar([]), "no package in it"],
  ["noise", "a.tar", Buffer.alloc(2048, 7), "damaged"],
  ["what is not compressed", "a.tgz", writeTar(sound), "damaged"],
  ["a bomb", "a.tgz", gzipSync(Buffer.alloc(200 * 2 ** 20)), "damaged, or holds too much"],
  ["another kind", "a.rar", zipped, "ends in .zip, .tar, .tgz or .tar.gz"],
  ["too much", "a.zip", Buffer.alloc(15 * 2 ** 20 + 1), "at most 15728640 bytes"],
  ["a zip without an end", "a.zip", zipped.subarray(0, 60), "damaged"],
  ["an empty file", "a.zip", Buffer.alloc(0), "damaged"],
  ["a zip that says less than it holds", "a.zip", withBytes(zipped, central + 24, 1), "damaged"],
  ["a wrong sum", "a.zip", withBytes(zipped, central + 16, 1, 2, 3, 4), "damaged"],
  ["an encrypted file", "a.zip", withBytes(zipped, central + 8, 1), "encrypted"],
  ["another compression", "a.zip", withBytes(zipped, central + 10, 12), "not known here"],
  ["a zipped link", "a.zip", withBytes(zipped, central + 41, 0xa1), "no links"],
  [
    "a zipped path that leads out",
    "a.zip",
    writeZip(new Map([["../a.js", Buffer.from("1")]])),
    "must lie in node_modules/",
  ],
  ["a file far away", "a.zip", withBytes(zipped, central + 42, 255, 255, 255, 127), "damaged"],
])("archive: %s is refused", async ([, name, bytes, message]) => {
  await expect(readArchive(name, bytes)).rejects.toMatchObject({
    code: "BadRequest",
    message: expect.stringContaining(message) as string,
  });
});
