/** Runs pipelines over documents that tests give as texts. */
import { Doc } from "../../src/bson/doc.ts";
import { parseEjsonValue } from "../../src/bson/parse-ejson.ts";
import { toText } from "../../src/bson/stringify.ts";
import { isArray, type Value } from "../../src/bson/value.ts";
import { MongoError } from "../../src/kit/mongo-error.ts";
import { createPacer } from "../../src/kit/pacer.ts";
import type { QueryEnvironment } from "../../src/query/environment.ts";
import { compilePipeline, type PipelineSource } from "../../src/query/pipeline.ts";
import { expressionEnvironment } from "./expression.ts";

function listOf(text: string): readonly Value[] {
  const value = parseEjsonValue(Buffer.from(text));
  return isArray(value) ? value : [value];
}

function refuse(): never {
  throw new Error("not for these tests");
}

/** A source of the same documents, whatever is asked: for pipelines whose first stage asks for nothing. */
function sourceOf(documents: readonly Doc[]): PipelineSource {
  return {
    async *read() {
      if (documents.length > 0) yield documents;
    },
    target: refuse,
    collectionStats: refuse,
    indexStats: refuse,
  };
}

/**
 * The documents that come out, or the failure.
 *
 * @param stages one stage, or a list
 * @returns each document in brief, see `brief`; or one text, `CODE message`
 */
export async function runStages(
  stages: string,
  documents: string,
  environment: QueryEnvironment = expressionEnvironment,
): Promise<string[]> {
  // Through bytes, since that is how documents come.
  const docs = listOf(documents).map((each) => Doc.fromBytes((each as Doc).toBytes()));
  const found: string[] = [];
  try {
    const pipeline = compilePipeline(listOf(stages), environment, {
      database: "d",
      collection: "c",
    });
    const run = { source: sourceOf(docs), pacer: createPacer() };
    for await (const batch of pipeline.run(run))
      for (const doc of batch) found.push(brief(Doc.fromBytes(doc.toBytes())));
  } catch (error) {
    if (!(error instanceof MongoError)) throw error;
    return [`${error.code} ${error.message}`];
  }
  return found;
}

const wrapped =
  /\{"\$(?:number(Int|Long|Double|Decimal)|date)":("[^"]*"|\{"\$numberLong":"[^"]*"\})\}/g;

/** Canonical EJSON with `1` for an Int32, `1L` for an Int64, `1.0` for a Double, `1m` for a Decimal128, `@1` for a date. */
export function brief(value: Value): string {
  return toText(value, "canonical").replaceAll(
    wrapped,
    (_all, kind: string | undefined, inner: string) => {
      const digits = inner.replaceAll(/[^-+.\dA-Za-z]|numberLong/g, "");
      if (kind === undefined) return `@${digits}`;
      if (kind === "Long") return `${digits}L`;
      return kind === "Decimal" ? `${digits}m` : digits;
    },
  );
}
