/** The words that the schemas of the parts are made of. A `description` is how messages call what is expected. */
import { type TOptional, type TSchema, type TUnsafe, Type } from "@sinclair/typebox";

/** One of a few texts. */
export function oneOf<const Words extends readonly string[]>(words: Words): TUnsafe<Words[number]> {
  return Type.Unsafe<Words[number]>({ type: "string", enum: [...words] });
}

/** A rule expression; what it says is read from the file, where the order of its fields is known. */
export function expression(): TUnsafe<boolean | object> {
  return Type.Unsafe<boolean | object>({
    type: ["boolean", "object"],
    description: "an expression: true, false or an object",
  });
}

/** Anything at all. */
export function anything(): TOptional<TUnsafe<unknown>> {
  return Type.Optional(Type.Unsafe<unknown>({}));
}

/** A field that may be left out. */
export function maybe<Schema extends TSchema>(schema: Schema): TOptional<Schema> {
  return Type.Optional(schema) as TOptional<Schema>;
}

/** Ids that the original gave; kept, and not looked at. */
export const ids = { id: anything(), _id: anything() } as const;

export const strict = { additionalProperties: false } as const;

export const valueName = Type.String({
  pattern: "^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$",
  description: "a name: 1 to 64 letters, digits, '_' or '-', beginning with a letter or digit",
});

/** Somebody may have put the secret itself in place of its name: what stands there is not shown. */
export const secretName = Type.String({
  pattern: "^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$",
  description: "the name of a secret: 1 to 64 letters, digits, '_' or '-'",
  writeOnly: true,
});

/** Real directories have an empty one where there is none. */
export const secretNameOrNone = Type.String({
  pattern: "^([A-Za-z0-9][A-Za-z0-9_-]{0,63})?$",
  description: "the name of a secret: 1 to 64 letters, digits, '_' or '-'",
  writeOnly: true,
});

export const serviceName = Type.String({
  pattern: "^[A-Za-z0-9_-]{1,64}$",
  description: "a name: 1 to 64 letters, digits, '_' or '-'",
});

export const functionName = Type.String({
  pattern: "^[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*$",
  maxLength: 256,
  description: "the name of a function: letters, digits, '_' and '-', parts divided by '/'",
});

export const functionNameOrNone = Type.String({
  pattern: "^([A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*)?$",
  maxLength: 256,
  description: "the name of a function: letters, digits, '_' and '-', parts divided by '/'",
});

export const nonEmpty = Type.String({ minLength: 1, description: "a text that is not empty" });
