/** What a function catches when the server could not do what it asked for. */
import { Doc } from "../bson/doc.ts";
import { bugText } from "../kit/bug-text.ts";
import { Fault } from "../kit/fault.ts";
import { MongoError } from "../kit/mongo-error.ts";

export function describeError(
  cause: unknown,
  log: (event: string, fields: Readonly<Record<string, string | number>>) => void,
): Doc {
  if (cause instanceof MongoError) {
    const { code, codeName, message } = cause;
    return Doc.of({ message: `(${codeName}) ${message}`, name: "MongoError", code, codeName });
  }
  if (cause instanceof Fault) return Doc.of({ message: cause.message, code: cause.code });
  // Nobody listens to an operation of a call that has ended.
  if (!(cause instanceof DOMException))
    log("function operation failed", {
      message: bugText(cause),
    });
  return Doc.of({ message: "internal error" });
}
