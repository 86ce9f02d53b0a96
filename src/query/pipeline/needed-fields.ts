/** Which fields of its documents a stage looks at. */
import { Doc } from "../../bson/doc.ts";
import { isArray, type Value } from "../../bson/value.ts";
import type { Stage } from "./stage.ts";

/** Operators that name fields without a `$`, or look at whole documents. */
const opaque: ReadonlySet<string> = new Set([
  "$bottom",
  "$bottomN",
  "$getField",
  "$meta",
  "$setField",
  "$top",
  "$topN",
  "$unsetField",
]);

const wholeDocument = /^\$\$(?:ROOT|CURRENT)(?:\.|$)/;

/** @returns the top-level fields that a specification of expressions refers to; undefined where it may be any */
export function fieldsIn(spec: Value): ReadonlySet<string> | undefined {
  const fields = new Set<string>();
  return gather(spec, fields) ? fields : undefined;
}

function gather(spec: Value, fields: Set<string>): boolean {
  if (typeof spec === "string") {
    if (wholeDocument.test(spec)) return false;
    if (spec.startsWith("$") && !spec.startsWith("$$")) fields.add(firstPart(spec.slice(1)));
    return true;
  }
  if (isArray(spec)) return spec.every((each) => gather(each, fields));
  if (!(spec instanceof Doc)) return true;
  for (const [name, value] of spec.entries())
    if (opaque.has(name) || !gather(value, fields)) return false;
  return true;
}

/** The stages, told of which fields alone the one behind them makes new documents. */
export function narrowed(compiled: readonly Stage[]): readonly Stage[] {
  return compiled.map((stage, index) => {
    const needs = compiled[index + 1]?.needs;
    return needs === undefined ? stage : (stage.narrow?.(needs) ?? stage);
  });
}

export function firstPart(path: string): string {
  const dot = path.indexOf(".");
  return dot < 0 ? path : path.slice(0, dot);
}
