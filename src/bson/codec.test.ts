/** The codecs against the bson package: 110,000 generated documents, byte for byte. */
import { BSON, EJSON } from "bson";
import { describe, expect, test } from "vitest";
import {
  createRandom,
  generateDocument,
  type Generation,
  type Tree,
} from "../../test/support/generate-bson.ts";
import { Doc } from "./doc.ts";
import { parseEjson } from "./parse-ejson.ts";
import { toText } from "./stringify.ts";
import { isArray, type Value } from "./value.ts";
import { readBson } from "./validate.ts";

/** Much more than it takes: machines that build are busy. */
const timeout = 120_000;

const seed = Number(process.env["PETIOLE_TEST_SEED"] ?? 1);

/** The same document built from values, so that writing it encodes every one. */
function rebuild(doc: Doc): Doc {
  return Doc.fromParts([...doc.keys()], doc.values().map(rebuildValue));
}

function rebuildValue(value: Value): Value {
  if (value instanceof Doc) return rebuild(value);
  return isArray(value) ? value.map(rebuildValue) : value;
}

/** Both sides of the first few differences, in hex or text. */
class Differences {
  readonly found: string[] = [];

  compare(what: string, tree: Tree, ours: Buffer | string, theirs: Uint8Array | string): void {
    const isSame = typeof ours === "string" ? ours === theirs : ours.equals(theirs as Uint8Array);
    if (isSame || this.found.length > 5) return;
    const text = EJSON.stringify(tree, { relaxed: false });
    this.found.push(`${what} of ${text}\n${show(ours)}\n${show(theirs)}`);
  }
}

function show(value: Uint8Array | string): string {
  return typeof value === "string" ? value : Buffer.from(value).toString("hex");
}

describe(`generated documents (PETIOLE_TEST_SEED=${seed})`, () => {
  test("canonical text and bytes agree with the bson package both ways", { timeout }, () => {
    const generation: Generation = { random: createRandom(seed), isRelaxed: false };
    const differences = new Differences();
    for (let count = 0; count < 65_000; count += 1) {
      const tree = generateDocument(generation, 3);
      const bytes = BSON.serialize(tree);
      const canonical = EJSON.stringify(tree, { relaxed: false });
      const doc = readBson(bytes);
      const parsed = parseEjson(Buffer.from(canonical));
      differences.compare("canonical text", tree, toText(doc, "canonical"), canonical);
      differences.compare("parsed canonical text", tree, parsed.toBytes(), bytes);
      differences.compare("encoding", tree, rebuild(doc).toBytes(), bytes);
    }
    expect(differences.found).toEqual([]);
  });

  test("relaxed text agrees with the bson package both ways", { timeout }, () => {
    const generation: Generation = { random: createRandom(seed + 1), isRelaxed: true };
    const differences = new Differences();
    for (let count = 0; count < 45_000; count += 1) {
      const tree = generateDocument(generation, 3);
      const relaxed = EJSON.stringify(tree, { relaxed: true });
      const doc = Doc.fromBytes(BSON.serialize(tree));
      const parsed = parseEjson(Buffer.from(relaxed));
      differences.compare("relaxed text", tree, toText(doc, "relaxed"), relaxed);
      differences.compare("parsed relaxed text", tree, parsed.toBytes(), serializeText(relaxed));
    }
    expect(differences.found).toEqual([]);
  });
});

function serializeText(text: string): Uint8Array {
  return BSON.serialize(EJSON.parse(text, { relaxed: false }) as Tree);
}
