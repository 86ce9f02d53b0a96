import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Doc } from "../../bson/doc.ts";
import { Double, MinKey, ObjectId, Undefined } from "../../bson/value.ts";
import { createTallier } from "./checksum.ts";
import { cutAt, type FileFormat, openWriter, readDocuments } from "./document-file.ts";
import { toFileName } from "./file-name.ts";

let folder = "";
let count = 0;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "petiole-files-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

function newFile(): string {
  count += 1;
  return path.join(folder, String(count));
}

async function read(
  file: string,
  format: FileFormat,
  options = { isPartial: false },
): Promise<{ readonly documents: readonly Doc[]; readonly end: number }> {
  const documents: Doc[] = [];
  let end = 0;
  for await (const each of readDocuments(file, format, options)) {
    documents.push(each.document);
    ({ end } = each);
  }
  return { documents, end };
}

const documents = [
  Doc.of({ _id: new ObjectId(1, 2, 3), n: new Double(1), long: 2n ** 60n }),
  Doc.of({ _id: "é\n", odd: [Undefined, MinKey], text: "x".repeat(300_000) }),
  Doc.of({ _id: 3 }),
];

const fileFormats: readonly FileFormat[] = ["ndjson", "bson"];

test.for(fileFormats)("document file: %s comes back byte for byte", async (format) => {
  const file = newFile();
  for (const part of [documents.slice(0, 2), documents.slice(2)]) {
    const writer = openWriter(file, format);
    for (const each of part) await writer.write(each);
    await writer.close();
  }
  const found = await read(file, format);
  expect(found.documents.map((each) => each.toBytes())).toEqual(
    documents.map((each) => each.toBytes()),
  );
  expect(found.end).toBe((await readFile(file)).length);
});

test.for(fileFormats)("document file: %s that is cut off gives what is whole", async (format) => {
  const file = newFile();
  const writer = openWriter(file, format);
  for (const each of documents) await writer.write(each);
  await writer.close();
  const { length } = await readFile(file);
  await cutAt(file, length - 3);
  const found = await read(file, format, { isPartial: true });
  expect(found.documents).toHaveLength(2);
  await cutAt(file, found.end);
  expect((await read(file, format)).documents).toHaveLength(2);
});

test.for<[title: string, format: FileFormat, content: Buffer, message: RegExp]>([
  [
    "a line that is no JSON",
    "ndjson",
    Buffer.from('{"a":1}\n{"a"\n'),
    /\d+, byte 8: invalid EJSON/,
  ],
  ["a line that is no document", "ndjson", Buffer.from("[1]\n"), /byte 0: invalid EJSON/],
  ["a length of nothing", "bson", Buffer.from([0, 0, 0, 0, 0]), /byte 0: 0 is no length/],
  ["a length beyond all", "bson", Buffer.from([255, 255, 255, 127]), /2147483647 is no length/],
  ["half a document", "bson", Buffer.from([9, 0, 0, 0, 10]), /the file ends within a document/],
  ["a broken document", "bson", Buffer.from([5, 0, 0, 0, 1]), /byte 0: invalid BSON/],
])("document file: %s is refused with its place", async ([, format, content, message]) => {
  const file = newFile();
  await writeFile(file, content);
  await expect(read(file, format)).rejects.toThrow(message);
});

test("document file: blank lines and a last line without an end are no harm", async () => {
  const file = newFile();
  await writeFile(file, '{"a":1}\r\n\n{"a":2}');
  expect((await read(file, "ndjson")).documents).toHaveLength(2);
});

test("document file: a document that EJSON can not carry is refused", async () => {
  const writer = openWriter(newFile(), "ndjson");
  const document = Doc.of({ _id: 1, x: Doc.of({ $date: "no" }) });
  await expect(writer.write(document)).rejects.toThrow("--format bson keeps them");
  await writer.close();
});

test.for<[name: string, file: string]>([
  ["plants", "plants"],
  ["a.b", "a.b"],
  ["..", "%2e%2e"],
  [".", "%2e"],
  ["a/../b", "a%2f..%2fb"],
  ["é", "%c3%a9"],
  ["%2e", "%252e"],
  ["", ""],
])("file name: '%s' is '%s'", ([name, file]) => {
  expect(toFileName(name)).toBe(file);
});

test("file name: long names stay apart", () => {
  const names = ["é".repeat(100), `${"é".repeat(99)}è`].map(toFileName);
  expect(new Set(names).size).toBe(2);
  for (const each of names) expect(each.length).toBeLessThan(128);
});

function sum(list: readonly string[]): string {
  const tallier = createTallier();
  for (const each of list) tallier.add(Buffer.from(each));
  return tallier.tally().checksum;
}

test("checksum: does not depend on the order, but on every document", () => {
  expect(sum(["a", "b", "b"])).toBe(sum(["b", "a", "b"]));
  expect(new Set([sum([]), sum(["a"]), sum(["a", "b"]), sum(["a", "b", "b"])]).size).toBe(4);
});
