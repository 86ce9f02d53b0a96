import { Doc } from "../bson/doc.ts";
import { isArray, type Value } from "../bson/value.ts";
import type { QueryEnvironment } from "./environment.ts";

/** An expression in which variables of the request have given way to their values. */
export function withValues(spec: Value, { variables }: Pick<QueryEnvironment, "variables">): Value {
  if (typeof spec === "string") {
    const value = spec.startsWith("$$") ? variables.get(spec.slice(2)) : undefined;
    return value === undefined ? spec : Doc.of({ $literal: value });
  }
  if (isArray(spec)) return spec.map((each) => withValues(each, { variables }));
  if (!(spec instanceof Doc) || spec.keys()[0] === "$literal") return spec;
  return Doc.fromParts(
    spec.keys(),
    spec.values().map((each) => withValues(each, { variables })),
  );
}
