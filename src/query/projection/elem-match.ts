/** `$elemMatch` of `find`: the first element that matches. */
import { Doc } from "../../bson/doc.ts";
import { isArray, typeName, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import type { QueryEnvironment } from "../environment.ts";
import { compileMatch } from "../match.ts";
import type { Compute } from "./tree.ts";

/**
 * @throws {MongoError} 31274 when the operand is no document, and what it gives as a filter
 */
export function compileElemMatch(
  name: string,
  operand: Value,
  environment: QueryEnvironment,
): Compute {
  if (!(operand instanceof Doc))
    throw new MongoError(
      31274,
      `elemMatch: Invalid argument, object required, but got ${typeName(operand)}`,
    );
  mustNotHaveSchema(operand);
  const condition = Doc.fromParts(["$elemMatch"], [operand]);
  const match = compileMatch(Doc.fromParts([name], [condition]), environment);
  return (root) => {
    const array = root.get(name);
    if (!isArray(array)) return undefined;
    const position = match.position(Doc.fromParts([name], [array]));
    return position === undefined ? undefined : [array[position] as Value];
  };
}

const combining = new Set(["$and", "$or", "$nor"]);

/** A filter may say `$jsonSchema` within `$elemMatch`, a projection not. */
function mustNotHaveSchema(filter: Doc): void {
  for (const [key, value] of filter.entries()) {
    if (key === "$jsonSchema")
      throw new MongoError(224, "$jsonSchema is not allowed in this context");
    if (combining.has(key) && isArray(value))
      for (const each of value) if (each instanceof Doc) mustNotHaveSchema(each);
  }
}
