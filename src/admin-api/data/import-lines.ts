/** Documents of a file, line by line: what is wrong with one keeps none of the others out. */
import { Doc } from "../../bson/doc.ts";
import { parseEjson } from "../../bson/parse-ejson.ts";
import { isArray, toInteger, type Value } from "../../bson/value.ts";
import { Fault } from "../../kit/fault.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { createPacer } from "../../kit/pacer.ts";
import type { CallOptions, Collection } from "../../sources/source.ts";
import { BulkWriteError } from "../../sources/write-error.ts";

/** What becomes of a document whose `_id` is there already. */
export type OnPresent = "fail" | "replace" | "skip";

const linesMax = 10_000;
const duplicateKey = 11_000;

export function readOnPresent(value: Value | undefined): OnPresent {
  if (value === undefined || value === null) return "fail";
  if (value === "fail" || value === "replace" || value === "skip") return value;
  throw new Fault("InvalidParameter", '"onPresent" argument must be "fail", "replace" or "skip"');
}

/** @throws {Fault} `InvalidParameter` for what is no list of texts, or too long */
export function readLines(value: Value | undefined): readonly string[] {
  const isLines =
    isArray(value) && value.length <= linesMax && value.every((each) => typeof each === "string");
  if (isLines) return value;
  throw new Fault("InvalidParameter", `"lines" argument must be at most ${linesMax} texts`);
}

interface Tally {
  inserted: number;
  replaced: number;
  skipped: number;
  readonly failures: Map<number, string>;
}

/** @returns `{ inserted, replaced, skipped, failures: [{ line, message }] }`; lines are counted from 0 */
export async function importLines(
  collection: Collection,
  { lines, onPresent }: { readonly lines: readonly string[]; readonly onPresent: OnPresent },
  options: CallOptions,
): Promise<Doc> {
  const tally: Tally = { inserted: 0, replaced: 0, skipped: 0, failures: new Map() };
  const documents: Doc[] = [];
  const lineOf: number[] = [];
  const pacer = createPacer(options.signal);
  for (const [line, text] of lines.entries()) {
    if (pacer.due(1 + text.length / 1024)) await pacer.rest();
    try {
      documents.push(parseEjson(Buffer.from(text)));
      lineOf.push(line);
    } catch (cause) {
      if (!(cause instanceof Fault) && !(cause instanceof MongoError)) throw cause;
      tally.failures.set(line, cause.message);
    }
  }
  const refused = await insert(collection, documents, options);
  tally.inserted = documents.length - refused.length;
  for (const { index, code, message } of refused) {
    const line = lineOf[index] ?? 0;
    const document = documents[index] ?? Doc.empty;
    const problem =
      code === duplicateKey && onPresent !== "fail"
        ? await settle(collection, document, { onPresent, options, tally })
        : undefined;
    if (code !== duplicateKey || onPresent === "fail") tally.failures.set(line, message);
    else if (problem !== undefined) tally.failures.set(line, problem);
  }
  const { inserted, replaced, skipped, failures } = tally;
  return Doc.of({
    inserted: toInteger(inserted),
    replaced: toInteger(replaced),
    skipped: toInteger(skipped),
    failures: [...failures]
      .toSorted(([left], [right]) => left - right)
      .map(([line, message]) => Doc.of({ line: toInteger(line), message })),
  });
}

async function insert(
  collection: Collection,
  documents: readonly Doc[],
  options: CallOptions,
): Promise<BulkWriteError["failures"]> {
  if (documents.length === 0) return [];
  try {
    await collection.insertMany(documents, { ...options, ordered: false });
    return [];
  } catch (cause) {
    if (cause instanceof BulkWriteError) return cause.failures;
    throw cause;
  }
}

/** @returns what is wrong: not the same `_id`, but the same value of another unique index */
async function settle(
  collection: Collection,
  document: Doc,
  settling: {
    readonly onPresent: OnPresent;
    readonly options: CallOptions;
    readonly tally: Tally;
  },
): Promise<string | undefined> {
  const { onPresent, options, tally } = settling;
  const byId = Doc.of({ _id: Doc.of({ $eq: document.get("_id") ?? null }) });
  try {
    if (onPresent === "skip") {
      if ((await collection.findOne(byId, options)) === null)
        return "another document has its value of a unique index";
      tally.skipped += 1;
      return undefined;
    }
    const { matchedCount } = await collection.replaceOne(byId, document, options);
    if (matchedCount === 0) return "another document has its value of a unique index";
    tally.replaced += 1;
    return undefined;
  } catch (cause) {
    if (cause instanceof MongoError) return cause.message;
    throw cause;
  }
}
