/** The names of types that `$type` and `$jsonSchema` take. */
import { typeCode, type TypeName } from "../bson/value.ts";
import { badValue } from "../kit/mongo-error.ts";

const aliases: ReadonlyMap<string, readonly number[]> = new Map<string, readonly number[]>([
  ...(Object.keys(typeCode) as TypeName[]).map((name) => [name, [typeCode[name]]] as const),
  ["number", [typeCode.int, typeCode.long, typeCode.double, typeCode.decimal]],
]);

/**
 * The codes that a type's alias stands for.
 *
 * @throws {MongoError} 2
 */
export function readTypeName(name: string): readonly number[] {
  const codes = aliases.get(name);
  if (codes !== undefined) return codes;
  if (name === "missing")
    throw badValue(
      "'missing' is not a legal type name. To query for non-existence of a field, use {$exists:false}.",
    );
  throw badValue(`Unknown type name alias: ${name}`);
}
