/** An embedded source whose collections have code in queries run. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Doc } from "../../src/bson/doc.ts";
import { parseEjson } from "../../src/bson/parse-ejson.ts";
import { printBson } from "../../src/bson/print.ts";
import type { Value } from "../../src/bson/value.ts";
import { type CodeWorks, createCodeWorks } from "../../src/functions/code-works.ts";
import { MongoError } from "../../src/kit/mongo-error.ts";
import { type EmbeddedSource, openEmbedded } from "../../src/sources/embedded.ts";
import type { Batches, CallOptions, Collection } from "../../src/sources/source.ts";

export interface CodeSource {
  readonly source: EmbeddedSource;
  readonly works: CodeWorks;
  /** Holds `stored`, and two documents more with `i` 6 and 7. */
  readonly collection: Collection;
  open(name: string, app?: string): Collection;
  /** The `_id`s that a `$where` finds, or its failure. */
  idsWhere(where: Value, options?: CallOptions): Promise<string>;
  /** What a `$function` gives for `stored`, or its failure. */
  evaluate(spec: Doc): Promise<string>;
  close(): Promise<void>;
}

/** A document with a value of every type. */
const stored = String.raw`{"_id":1,"i":5,"d":2.5,"w":{"$numberDouble":"3.0"},"l":{"$numberLong":"9007199254740993"},
  "m":{"$numberDecimal":"1.50"},"s":"hi","b":true,"n":null,"oid":{"$oid":"507f1f77bcf86cd799439011"},
  "t":{"$date":"2023-11-14T22:13:20Z"},"ts":{"$timestamp":{"t":5,"i":6}},"mk":{"$minKey":1},"xk":{"$maxKey":1},
  "bin":{"$binary":{"base64":"YWJj","subType":"00"}},"re":{"$regularExpression":{"pattern":"a.b","options":"im"}},
  "code":{"$code":"function(){return 1}"},"sym":{"$symbol":"sy"},"a":[1,"x",{"y":2},null],"o":{"p":1,"q":{"r":"z"}}}`;

export async function openCodeSource(): Promise<CodeSource> {
  const directory = await mkdtemp(path.join(tmpdir(), "petiole-code-test-"));
  const source = await openEmbedded(directory);
  const works = createCodeWorks({ heapMb: 64, rssBytesMax: 256 * 2 ** 20, processesMax: 2 });
  const open = (name: string, app = "one"): Collection =>
    source.collection("code", name, { code: works.of(app) });
  const collection = open("c");
  await collection.insertMany([
    readDoc(stored),
    Doc.of({ _id: 2, i: 6 }),
    Doc.of({ _id: 3, i: 7 }),
  ]);
  return {
    source,
    works,
    collection,
    open,
    idsWhere: async (where, options) =>
      allOf(collection.find(Doc.of({ $where: where }), options)).then(
        (found) => found.map((each) => Number(each.get("_id"))).join(","),
        tellFailure,
      ),
    async evaluate(spec) {
      const stages = [
        Doc.of({ $match: Doc.of({ _id: 1 }) }),
        Doc.of({ $project: Doc.of({ _id: 0, r: Doc.of({ $function: spec }) }) }),
      ];
      return allOf(collection.aggregate(stages)).then(
        ([made]) => printBson(made ?? Doc.empty),
        tellFailure,
      );
    },
    async close() {
      await works.close();
      await source.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export function readDoc(text: string): Doc {
  return parseEjson(Buffer.from(text));
}

export async function allOf(batches: Batches): Promise<readonly Doc[]> {
  const found: Doc[] = [];
  for await (const batch of batches) found.push(...batch);
  return found;
}

/** Code and message, without the words for where it happened. */
export function tellFailure(cause: unknown): string {
  if (!(cause instanceof MongoError)) throw cause;
  return `${cause.code} ${cause.message.replace(/^.* :: caused by :: /s, "")}`;
}
