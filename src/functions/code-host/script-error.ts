/** Failures of code, as the server words them: 139 for what code throws, with where it was thrown. */
import { MongoError } from "../../kit/mongo-error.ts";
import { textOf } from "./named-class.ts";

/** What stands for the file name in stacks. */
export const scriptName = "petiole-code";

const messageLengthMax = 8192;

/** Thrown by the functions that code is given, with the server's code. */
export class ScriptFailure extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** Makes of whatever code threw what the request is answered. */
export function toScriptError(cause: unknown): MongoError {
  if (cause instanceof MongoError) return cause;
  try {
    const isObject = (typeof cause === "object" && cause !== null) || typeof cause === "function";
    if (!isObject) return new MongoError(8, cut(`uncaught exception: ${String(cause)}`));
    const { stack } = cause as { readonly stack?: unknown };
    const where = typeof stack === "string" ? placesIn(stack) : "undefined";
    if (cause instanceof ScriptFailure)
      return new MongoError(cause.code, cut(`${cause.message} :\n${where}`));
    return new MongoError(139, cut(`${textOf(cause)} :\n${where}`));
  } catch {
    // What was thrown throws again when it is looked at.
    return new MongoError(139, "uncaught exception");
  }
}

function cut(message: string): string {
  return message.slice(0, messageLengthMax);
}

const place = /^ {4}at (?:(?:async )?(?:new )?([^\s(]+) \()?petiole-code:(\d+):(\d+)\)?$/;

/** The places of code in a stack, one a line. */
function placesIn(stack: string): string {
  return stack
    .split("\n")
    .map((line) => place.exec(line))
    .filter((found) => found !== null)
    .map(([, name, line, column]) => `${nameOf(name)}@:${line}:${column}\n`)
    .join("");
}

/** The function around the code has no name of its own. */
function nameOf(name: string | undefined): string {
  return name === undefined || name.endsWith("<anonymous>") ? "" : name.replace(/^Object\./, "");
}
