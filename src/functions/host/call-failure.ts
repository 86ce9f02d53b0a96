/** Errors on their way between a function and the server. */
import { ejsonGlobal } from "./ejson.ts";

/** What a function catches when the server could not do what it asked for. */
export function toError({
  message,
  code,
  codeName,
  name,
}: Readonly<Record<string, unknown>>): Error {
  const error = new Error(String(message));
  if (typeof name === "string") error.name = name;
  return Object.assign(
    error,
    code === undefined ? {} : { code },
    codeName === undefined ? {} : { codeName },
  );
}

export interface Failure {
  readonly message: string;
  readonly name?: string;
  readonly stack?: string;
}

const messageLengthMax = 10_000;

/** What is thrown may be anything, and may be made to trap whoever looks at it. */
export function describeFailure(cause: unknown): Failure {
  try {
    if (cause instanceof Error) {
      const { message, name, stack } = cause as { readonly [field in keyof Error]: unknown };
      return {
        message: asText(message).slice(0, messageLengthMax),
        name: asText(name),
        stack: asText(stack).slice(0, messageLengthMax),
      };
    }
    return { message: thrownText(cause).slice(0, messageLengthMax) };
  } catch {
    return { message: "the function threw something that can not be shown" };
  }
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

// Atlas: what a thrown object that is no error gave is not known. Here its `message` if it has one, else its JSON.
function thrownText(cause: unknown): string {
  if (typeof cause === "string") return cause;
  if (typeof cause !== "object" || cause === null) return String(cause);
  const { message } = cause as { readonly message?: unknown };
  if (typeof message === "string") return message;
  const { stringify } = ejsonGlobal as {
    readonly stringify: (value: unknown, options: object) => string;
  };
  return stringify(cause, { relaxed: true });
}
