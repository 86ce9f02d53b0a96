/** Filters within an update (`$pull`, array filters): operators on whole documents have no place there. */
import { Doc } from "../../bson/doc.ts";
import { isArray, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";

const refusals: ReadonlyMap<string, number> = new Map([
  ["$expr", 224],
  ["$jsonSchema", 224],
  ["$text", 2],
  ["$where", 2],
]);

const logical: ReadonlySet<string> = new Set(["$and", "$or", "$nor"]);

/** @throws {MongoError} 224 or 2 where the filter holds an operator that is not allowed there */
export function refuseDocumentOperators(filter: Doc): void {
  for (const [name, operand] of filter.entries()) {
    const code = refusals.get(name);
    if (code !== undefined) throw new MongoError(code, `${name} is not allowed in this context`);
    for (const clause of clausesOf(name, operand)) refuseDocumentOperators(clause);
  }
}

/** The names that the filter's paths begin with. */
export function rootNamesOf(filter: Doc, names: Set<string> = new Set()): Set<string> {
  for (const [name, operand] of filter.entries()) {
    if (!name.startsWith("$")) names.add(name.split(".", 1)[0] as string);
    for (const clause of clausesOf(name, operand)) rootNamesOf(clause, names);
  }
  return names;
}

function clausesOf(name: string, operand: Value): readonly Doc[] {
  if (!logical.has(name) || !isArray(operand)) return [];
  return operand.filter((each) => each instanceof Doc);
}
