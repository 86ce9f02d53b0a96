/** Evaluates expressions that tests give as texts. */
import { Doc } from "../../src/bson/doc.ts";
import { parseEjson, parseEjsonValue } from "../../src/bson/parse-ejson.ts";
import { toText } from "../../src/bson/stringify.ts";
import { toDateTime } from "../../src/bson/value.ts";
import { MongoError } from "../../src/kit/mongo-error.ts";
import type { QueryEnvironment } from "../../src/query/environment.ts";
import { compileExpression } from "../../src/query/expression.ts";

export const expressionEnvironment: QueryEnvironment = {
  now: toDateTime(Date.UTC(2020, 0, 1)),
  random: () => 0.5,
  variables: new Map(),
};

/** The value as canonical EJSON, `missing`, or `CODE message` of the failure. */
export function evaluateText(spec: string, doc = "{}"): string {
  try {
    const expression = compileExpression(parseEjsonValue(Buffer.from(spec)), expressionEnvironment);
    // Through bytes, since that is how documents come.
    const value = expression.evaluate(Doc.fromBytes(parseEjson(Buffer.from(doc)).toBytes()));
    return value === undefined ? "missing" : toText(value, "canonical");
  } catch (error) {
    if (error instanceof MongoError) return `${error.code} ${error.message}`;
    throw error;
  }
}

/** Rows `SPEC => VERDICT` of a table, one a line; a NUL within is written as `␀`. */
export function rowsOf(table: string): readonly (readonly [spec: string, verdict: string])[] {
  return table
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [spec = "", verdict = ""] = line.split(" => ");
      return [spec, verdict.replaceAll("␀", "\0")];
    });
}
