/** The variables that a request brings in its `let`. */
import { Doc } from "../bson/doc.ts";
import { MongoError } from "../kit/mongo-error.ts";
import type { QueryEnvironment } from "./environment.ts";
import { compileExpression } from "./expression.ts";
import { refersToDocument } from "./refers-to-document.ts";
import { checkNewVariableName } from "./variable-name.ts";

const constants: ReadonlySet<string> = new Set(["NOW", "CLUSTER_TIME", "JS_SCOPE", "IS_MR"]);

/**
 * Evaluates them, before there is any document.
 *
 * @throws {MongoError} 9 for a name that none may have, 4738901 for the server's own, 4890500 for a path into documents
 */
export function setCommandVariables(spec: Doc, environment: QueryEnvironment): void {
  for (const [name, value] of spec.entries()) {
    mustBeName(name);
    if (refersToDocument(value))
      throw new MongoError(
        4_890_500,
        "Command let Expression tried to access a field, but this is not allowed because Command let Expressions run before the query examines any documents.",
      );
    environment.variables.set(name, compileExpression(value, environment).evaluate(Doc.empty));
  }
}

function mustBeName(name: string): void {
  if (constants.has(name))
    throw new MongoError(4_738_901, `Attempt to set internal constant: ${name}`);
  try {
    checkNewVariableName(name);
  } catch (cause) {
    if (!(cause instanceof MongoError)) throw cause;
    throw new MongoError(cause.code, `Invalid 'let' parameter :: caused by :: ${cause.message}`, {
      cause,
    });
  }
}
