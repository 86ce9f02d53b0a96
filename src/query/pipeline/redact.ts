import { Doc } from "../../bson/doc.ts";
import { printValue } from "../../bson/print-value.ts";
import { isArray, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { compileExpressionFor } from "../expression.ts";
import { reportFailure } from "../optimization-failure.ts";
import { mapStage, type CompileStage } from "./stage.ts";

/** What `$$KEEP`, `$$DESCEND` and `$$PRUNE` are while the expression is evaluated. */
const verdicts = new Map<string, Value>([
  ["DESCEND", "descend"],
  ["PRUNE", "prune"],
  ["KEEP", "keep"],
]);

export const compileRedact: CompileStage = (spec, { environment }, name) => {
  const expression = compileExpressionFor(spec, environment, {
    variables: [...verdicts.keys()],
    keepsFailure: true,
  });
  if (expression.failure !== undefined) reportFailure(expression.failure, environment);
  const values = [...verdicts.values()];

  function redact(current: Doc, root: Doc): Doc | undefined {
    const verdict = expression.evaluate(root, values, current);
    if (verdict === "keep") return current;
    if (verdict === "prune") return undefined;
    if (verdict === "descend") return descend(current, root);
    throw new MongoError(
      17053,
      "$redact's expression should not return anything aside from the variables " +
        `$$KEEP, $$DESCEND, and $$PRUNE, but returned ${printValue(verdict)}`,
    );
  }

  function descend(current: Doc, root: Doc): Doc {
    const entries: [string, Value][] = [];
    for (const [key, value] of current.entries()) {
      const kept = redactValue(value, root);
      if (kept !== undefined) entries.push([key, kept]);
    }
    return Doc.fromEntries(entries);
  }

  function redactValue(value: Value, root: Doc): Value | undefined {
    if (value instanceof Doc) return redact(value, root);
    if (!isArray(value)) return value;
    return value.map((each) => redactValue(each, root)).filter((each) => each !== undefined);
  }

  return mapStage(name, (doc) => redact(doc, doc));
};
