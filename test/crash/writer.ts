/**
 * The process that is killed: writes from many callers at once, and notes in a file what it begins and what has been
 * acknowledged. Arguments: directory, round, file. Says on stdout when the first write has been.
 */
import { openSync, writeSync } from "node:fs";
import { Doc } from "../../src/bson/doc.ts";
import { openEmbedded } from "../../src/sources/embedded.ts";

const writers = 64;

const [directory = "", round = "0", file = ""] = process.argv.slice(2);
const notes = openSync(file, "a");
let hasBegun = false;
const source = await openEmbedded(directory);
const collection = source.collection("crash", "documents");
await collection.createIndex(Doc.of({ owner: 1, version: -1 }));
await collection.createIndex(Doc.of({ tags: 1 }));
await collection.createIndex(Doc.of({ code: 1 }), Doc.of({ unique: true }));

/** In a file and at once: what is written there outlives the process, and no slow reader holds it up. */
function note(kind: "begin" | "done", id: string, version: number): void {
  writeSync(notes, `${kind} ${id} ${version}\n`);
  if (hasBegun || kind === "begin") return;
  hasBegun = true;
  process.stdout.write("begun\n");
}

/** All fields tell the version, so that half a write shows. A version of -1 stands for "deleted". */
function fieldsOf(id: string, version: number): Doc {
  return Doc.of({
    owner: id.split("-")[1] ?? "",
    version,
    copy: version,
    tags: [`v${version}`, `w${version % 7}`],
    code: `${id}:${version}`,
    filler: "x".repeat(version * 97),
  });
}

async function write(owner: number): Promise<never> {
  for (let count = 0; ; count += 1) {
    const id = `${round}-${owner}-${count}`;
    note("begin", id, 0);
    // Writes of one caller follow each other; the 64 callers are what is concurrent.
    await collection.insertOne(Doc.fromEntries([["_id", id], ...fieldsOf(id, 0).entries()]));
    note("done", id, 0);
    for (let version = 1; version <= count % 4; version += 1) {
      note("begin", id, version);
      await collection.updateOne(Doc.of({ _id: id }), Doc.of({ $set: fieldsOf(id, version) }));
      note("done", id, version);
    }
    if (count % 3 !== 0) continue;
    note("begin", id, -1);
    await collection.deleteOne(Doc.of({ _id: id }));
    note("done", id, -1);
  }
}

await Promise.all(Array.from({ length: writers }, (_, owner) => write(owner)));
