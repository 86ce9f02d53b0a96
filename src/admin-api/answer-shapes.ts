/** How answers of the admin API are described, in few words: `fields("_id:id name:text role?:text")`. */

export type JsonSchema = Readonly<Record<string, unknown>>;

export interface AnswerShape {
  readonly status: number;
  /** Undefined: no body. */
  readonly type?: string;
  readonly schema?: JsonSchema;
}

const types: ReadonlyMap<string, JsonSchema> = new Map<string, JsonSchema>([
  ["id", { type: "string", pattern: "^[0-9a-f]{24}$" }],
  ["text", { type: "string" }],
  ["moment", { type: "string", format: "date-time" }],
  ["flag", { type: "boolean" }],
  ["count", { type: "integer" }],
  ["number", { type: "number" }],
  ["list", { type: "array" }],
  ["texts", { type: "array", items: { type: "string" } }],
  ["object", { type: "object" }],
  ["any", {}],
]);

/** An object. @param names each with its type behind a colon, and `?` before that where it may be absent */
export function fields(names: string, more: Readonly<Record<string, JsonSchema>> = {}): JsonSchema {
  const parts = names.split(/\s+/).filter((each) => each !== "");
  const read = parts.map((part) => {
    const [, name = "", optional = "", type = ""] = /^(\w+)(\??):(\w+)$/.exec(part) ?? [];
    const schema = types.get(type);
    if (schema === undefined) throw new TypeError(`${part} is no field`);
    return { name, isRequired: optional === "", schema };
  });
  return {
    type: "object",
    required: [
      ...read.filter(({ isRequired }) => isRequired).map(({ name }) => name),
      ...Object.keys(more),
    ],
    properties: {
      ...Object.fromEntries(read.map(({ name, schema }) => [name, schema])),
      ...more,
    },
  };
}

export function listOf(items: JsonSchema): JsonSchema {
  return { type: "array", items };
}

export const anything: JsonSchema = {};

export function json(schema: JsonSchema, status = 200): AnswerShape {
  return { status, type: "application/json", schema };
}

export function made(schema: JsonSchema): AnswerShape {
  return json(schema, 201);
}

export const empty: AnswerShape = { status: 204 };

export function bytes(type: string): AnswerShape {
  return { status: 200, type };
}
