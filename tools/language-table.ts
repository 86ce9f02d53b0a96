/**
 * Writes `docs/query-language.md` from the tables that the query language is compiled with.
 *
 * `node --import tsx tools/language-table.ts` writes it; `tools/language-table.test.ts` fails when it is out of date.
 * To say that an operator departs from the server, add a line to `differences` below.
 *
 * @module
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Doc } from "../src/bson/doc.ts";
import { parseEjsonValue } from "../src/bson/parse-ejson.ts";
import { DateTime, type Value } from "../src/bson/value.ts";
import { MongoError } from "../src/kit/mongo-error.ts";
import { listAccumulators } from "../src/query/accumulator.ts";
import type { QueryEnvironment } from "../src/query/environment.ts";
import { compileExpression, listExpressionOperators } from "../src/query/expression.ts";
import { listFilterOperators, parseFilter } from "../src/query/filter.ts";

import { listStages } from "../src/query/pipeline.ts";
import { listUpdateOperators } from "../src/query/update.ts";
import { listWindowFunctions } from "../src/query/window.ts";

const target = fileURLToPath(new URL("../docs/query-language.md", import.meta.url));

/** What answers otherwise than a `mongod`, and why. */
const differences: ReadonlyMap<string, string> = new Map([
  [
    "$round",
    "an Int32 whose rounding leaves the type's range becomes an Int64; a mongod 6.0 wraps around",
  ],
  [
    "$trunc",
    "an Int32 whose rounding leaves the type's range becomes an Int64; a mongod 6.0 wraps around",
  ],
  ["$regex", "a search beyond the step budget is an error; a mongod takes it as no match"],
  [
    "$convert",
    "what a mongod 6.0 refuses without `format`, `byteOrder`, `base` or a document as `to` stays refused, also where a newer one takes it",
  ],
  ["$pow", "Decimal128: correctly rounded, where a mongod may be off in the last digit"],
  ["$exp", "Decimal128: correctly rounded, where a mongod may be off in the last digit"],
  ["$log10", "Decimal128: correctly rounded, where a mongod may be off in the last digit"],
]);

/** What runs code of the sender's: see docs/serving.md. */
const codeNames: ReadonlySet<string> = new Set(["$where", "$function", "$accumulator"]);

/** Stages of newer servers that are no stages here, as on a server of version 6.0 (error 40324). */
const unknownStages: readonly string[] = [
  "$changeStreamSplitLargeEvent",
  "$listClusterCatalog",
  "$listSampledQueries",
  "$listSearchIndexes",
  "$querySettings",
  "$queryStats",
  "$rankFusion",
  "$score",
  "$scoreFusion",
  "$search",
  "$searchMeta",
  "$vectorSearch",
];

const environment: QueryEnvironment = {
  now: new DateTime(0),
  random: () => 0.5,
  variables: new Map(),
};

/** Refused by design: the error it gives says so. */
const refusalCodes = new Set([115, 238]);

function isRefused(probe: () => unknown): boolean {
  try {
    probe();
    return false;
  } catch (cause) {
    if (!(cause instanceof MongoError)) throw cause;
    return refusalCodes.has(cause.code) || cause.message.includes("is not allowed in this context");
  }
}

function parse(json: string): Value {
  return parseEjsonValue(Buffer.from(json));
}

/** Operands under which an operator that is there at all gets past its own checks, or fails in them. */
const operands = ['"1"', "1", "{}", '{"$search":"a"}', "[]"];

function refusesFilter(name: string): boolean {
  return operands.some((operand) =>
    isRefused(() => {
      for (const filter of [`{"${name}":${operand}}`, `{"a":{"${name}":${operand}}}`]) {
        const doc = parse(filter);
        if (doc instanceof Doc && isDocumentOperator(name) === filter.startsWith(`{"$`))
          parseFilter(doc, environment, { allowsNear: true, text: "allowed" });
      }
    }),
  );
}

const documentOperators = new Set([
  "$and",
  "$or",
  "$nor",
  "$comment",
  "$expr",
  "$jsonSchema",
  "$sampleRate",
  "$where",
  "$text",
  "$alwaysTrue",
  "$alwaysFalse",
]);

function isDocumentOperator(name: string): boolean {
  return documentOperators.has(name);
}

function refusesExpression(name: string): boolean {
  return isRefused(() => compileExpression(parse(`{"${name}":{}}`), environment));
}

interface Section {
  readonly title: string;
  readonly names: readonly string[];
  readonly refused: (name: string) => boolean;
  /** Where its rows stand. */
  readonly tests: string;
}

function sections(): readonly Section[] {
  const stages = listStages();
  return [
    {
      title: "Query operators",
      names: listFilterOperators(),
      refused: refusesFilter,
      tests: "src/query/match.test.ts",
    },
    {
      title: "Update operators",
      names: listUpdateOperators(),
      refused: () => false,
      tests: "src/query/update.test.ts",
    },
    {
      title: "Aggregation stages",
      names: [...stages.supported, ...stages.refused, ...unknownStages],
      refused: (name) => stages.refused.includes(name) || unknownStages.includes(name),
      tests: "src/query/pipeline.test.ts",
    },
    {
      title: "Accumulators",
      names: listAccumulators(),
      refused: () => false,
      tests: "src/query/pipeline.test.ts",
    },
    {
      title: "Window functions",
      names: listWindowFunctions(),
      refused: () => false,
      tests: "src/query/pipeline/set-window-fields.test.ts",
    },
    {
      title: "Expression operators",
      names: listExpressionOperators(),
      refused: refusesExpression,
      tests: "src/query/expression",
    },
  ];
}

/** The text of the page as the code has it now. */
export function renderLanguage(): string {
  const parts = [
    "# The query language of the embedded store",
    "",
    "Generated from the code by `node --import tsx tools/language-table.ts`. On a MongoDB data source the server decides;",
    "this page is about the embedded store. *Refused* names answer with an error that says so.",
    "",
    "Bounds: a filter, update, projection or pipeline may have at most 20,000 fields and operators (lists of values do not",
    "count); documents above 128 KB are changed, and those above 256 KB to 1 MB worked on, by a thread of their own, so that",
    "nobody else waits; an expression over a small document that takes long goes there, too.",
    "",
    "JavaScript in `$where`, `$function` and `$accumulator` is V8's: messages of its errors are worded as V8 words them,",
    "behind the server's code. It is refused in `let`, in `whenMatched` of `$merge`, in the pipeline of an update that",
    "inserts, beside `$geoNear` and `$text` in a pipeline, in the projection of what `findOneAnd…` returns and, on the",
    "embedded store, with an `Idempotency-Key`. `$where` stands in filters, not in `$match`, as on the server.",
  ];
  for (const { title, names, refused, tests } of sections()) {
    parts.push(
      "",
      `## ${title}`,
      "",
      `Rows: [${tests}](../${tests})`,
      "",
      "| name | status |",
      "|---|---|",
    );
    for (const name of [...new Set(names)].toSorted())
      parts.push(`| \`${name}\` | ${statusOf(name, refused(name))} |`);
  }
  return `${parts.join("\n")}\n`;
}

function statusOf(name: string, isRefusedName: boolean): string {
  if (codeNames.has(name)) return "with `--allow-code`, for the system alone";
  if (isRefusedName) return "refused";
  const difference = differences.get(name);
  return difference === undefined ? "supported" : `different: ${difference}`;
}

/** The text of the page as it is in the repository. */
export function readLanguagePage(): string {
  return readFileSync(target, "utf8");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(target, renderLanguage());
