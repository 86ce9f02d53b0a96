/** What operands are: of a request, and of documents. */
import { Doc } from "../../bson/doc.ts";
import type { Value } from "../../bson/value.ts";
import type { CallFunction, Scope } from "../../config/scope.ts";
import { chain, collect, type Eventual } from "./eventual.ts";
import { type Call, isDocumentSource, type Operand, type Reference } from "./node.ts";
import { convert } from "./operand.ts";
import { baseOf, type Documents, type ReadSecret, resolveOfRequest, valueAt } from "./reference.ts";

/** What a request gives to its expressions. */
export interface RequestEnvironment {
  readonly scope: Scope;
  /** `%%args`. */
  readonly args?: Value | undefined;
  readonly callFunction: CallFunction;
  readonly readSecret?: ReadSecret | undefined;
}

/** The value of an operand; undefined where it has none. */
export function resolve(
  operand: Operand,
  environment: RequestEnvironment,
  documents: Documents,
): Eventual<Value | undefined> {
  switch (operand.kind) {
    case "literal":
    case "found":
      return operand.value;
    case "reference":
      return resolveReference(operand.reference, environment, documents);
    case "conversion":
      return chain(resolve(operand.of, environment, documents), (value) =>
        convert(operand.conversion, value),
      );
    case "call":
      return runCall(operand.call, environment, documents);
    case "list":
      return chain(
        collect(operand.items.map((each) => resolve(each, environment, documents))),
        (items) => (items.includes(undefined) ? undefined : (items as readonly Value[])),
      );
    case "document":
      return chain(
        collect(operand.values.map((each) => resolve(each, environment, documents))),
        (values) =>
          values.includes(undefined)
            ? undefined
            : Doc.fromParts(operand.keys, [...(values as readonly Value[])]),
      );
  }
}

function resolveReference(
  reference: Reference,
  { scope, args, readSecret }: RequestEnvironment,
  documents: Documents,
): Eventual<Value | undefined> {
  if (!isDocumentSource(reference.source))
    return resolveOfRequest(reference, scope, args, readSecret);
  return valueAt(baseOf(reference, documents), reference.path);
}

/** A function that fails gives nothing, and so makes no test true. */
export function runCall(
  { name, args }: Call,
  environment: RequestEnvironment,
  documents: Documents,
): Eventual<Value | undefined> {
  const { scope, callFunction } = environment;
  return chain(
    collect(args.map((each) => resolve(each, environment, documents))),
    async (values) => {
      try {
        // What a function is not given arrives as null.
        return await callFunction(
          name,
          values.map((each) => each ?? null),
          scope,
        );
      } catch (cause) {
        if (scope.signal.aborted) throw cause;
        return undefined;
      }
    },
  );
}
