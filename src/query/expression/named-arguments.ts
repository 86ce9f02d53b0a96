/** Operands that are documents of named arguments: `{ input: …, as: … }`. */
import type { Doc } from "../../bson/doc.ts";
import { typeOf, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";

export function isDoc(value: Value | undefined): value is Doc {
  return typeof value === "object" && value !== null && typeOf(value) === 3;
}

/** Code and text of the failures, which each operator has its own of. */
export interface NamedArguments {
  readonly names: readonly string[];
  readonly notAnObject: readonly [code: number, text: string];
  readonly unknown: readonly [code: number, text: (name: string) => string];
}

/**
 * Reads the named arguments of an operator; which of them are required is for the caller to check.
 *
 * @throws {MongoError} where the operand is no document, or has another name
 */
export function readNamedArguments(operand: Value, rules: NamedArguments): Doc {
  if (!isDoc(operand)) throw new MongoError(...rules.notAnObject);
  for (const key of operand.keys())
    if (!rules.names.includes(key)) throw new MongoError(rules.unknown[0], rules.unknown[1](key));
  return operand;
}

/** The argument, or the failure of its absence. */
export function mustHave(args: Doc, name: string, code: number, text: string): Value {
  const value = args.get(name);
  if (value === undefined) throw new MongoError(code, text);
  return value;
}
