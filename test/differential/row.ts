/** Cases as rows of `found.jsonl`: one line of EJSON each, with the server's answer. */
import { Doc } from "../../src/bson/doc.ts";
import { parseEjson } from "../../src/bson/parse-ejson.ts";
import { writeDocText } from "../../src/bson/stringify.ts";
import { TextWriter } from "../../src/bson/text-writer.ts";
import { isArray, type Value } from "../../src/bson/value.ts";
import { families, type Batch, type Call, type Case, type Family, type Outcome } from "./case.ts";

export interface Row {
  readonly batch: Batch;
  readonly expected: Outcome;
}

/** @param batch of a single case */
export function printRow({ batch, expected }: Row): string {
  const { family, documents, others, cases } = batch;
  const { call, isOrdered } = cases[0] as Case;
  const fields: readonly (readonly [string, Value])[] = Object.entries(call).filter(
    (field): field is [string, Value] => field[1] !== undefined,
  );
  return printDoc(
    Doc.of({
      family,
      documents,
      ...(others.length > 0 && { others }),
      call: Doc.fromEntries(fields),
      isOrdered,
      expected: printOutcome(expected),
    }),
  );
}

/** On one line, in canonical EJSON. */
export function printDoc(document: Doc): string {
  const writer = new TextWriter();
  writeDocText(writer, document, "canonical");
  return writer.take().toString();
}

export function printOutcome(outcome: Outcome): Doc {
  if (outcome.kind === "failure") {
    const { code, codeName, message } = outcome;
    return Doc.of({ code, codeName, message });
  }
  const { documents, counts } = outcome;
  return Doc.of({ documents, ...(counts !== undefined && { counts }) });
}

export function readRow(text: string): Row {
  const row = parseEjson(Buffer.from(text));
  const family = families.find((each) => each === row.get("family"));
  if (family === undefined) throw new TypeError(`no family in ${text}`);
  return {
    batch: {
      family,
      documents: docsOf(row.get("documents")),
      others: docsOf(row.get("others")),
      cases: [readCase(family, row)],
    },
    expected: readOutcome(row.get("expected") as Doc),
  };
}

function readCase(family: Family, row: Doc): Case {
  const call: unknown = Object.fromEntries((row.get("call") as Doc).entries());
  return { family, isOrdered: row.get("isOrdered") === true, call: call as Call };
}

function readOutcome(expected: Doc): Outcome {
  const code = expected.get("code");
  if (typeof code === "number") {
    const text = (key: string): string => expected.get(key) as string;
    return { kind: "failure", code, codeName: text("codeName"), message: text("message") };
  }
  const counts = expected.get("counts");
  return {
    kind: "documents",
    documents: docsOf(expected.get("documents")),
    ...(isArray(counts) && { counts: counts.map(Number) }),
  };
}

function docsOf(value: Value | undefined): readonly Doc[] {
  return isArray(value) ? value.filter((each) => each instanceof Doc) : [];
}
