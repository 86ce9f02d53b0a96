/** Checks a tree against a schema, and says of each fault where it is, what was expected and what was found. */
import type { Static, TSchema } from "@sinclair/typebox";
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import { childOf, type JsonNode, type JsonPath } from "./json-node.ts";
import { nearest } from "./nearest.ts";
import { type Reporter, show, type Where } from "./report.ts";

// `pattern`s are ours and linear; `allErrors` shows all faults at once, and the report bounds their number.
const ajv = new Ajv({ allErrors: true, verbose: true, allowUnionTypes: true });
const compiled = new WeakMap<TSchema, ValidateFunction>();

/**
 * Checks a tree, and gives it as plain values: numbers as such, members that are null left out, as the original
 * took null for "not there". Unknown fields are warnings and stay out of nothing: the tree keeps them.
 *
 * @param where the place of the tree, for messages
 * @returns undefined where anything but an unknown field is wrong; all of it has been reported
 */
export function validate<Schema extends TSchema>(
  schema: Schema,
  node: JsonNode,
  where: Where,
  report: Reporter,
): Static<Schema> | undefined {
  const plain = toPlain(node);
  const check = compile(schema);
  if (check(plain)) return plain;
  let isSound = true;
  let former: string | undefined;
  for (const error of check.errors ?? []) {
    // A wrong type is often a wrong word too: one message is enough.
    const isSame = error.instancePath === former && !isAboutFields(error);
    if (!isAboutFields(error)) former = error.instancePath;
    if (!isSame) isSound = explain(error, node, where, report) && isSound;
  }
  return isSound ? plain : undefined;
}

function compile(schema: TSchema): ValidateFunction {
  const known = compiled.get(schema);
  if (known !== undefined) return known;
  const made = ajv.compile(schema);
  compiled.set(schema, made);
  return made;
}

/** Objects without prototype: a file may name a field `__proto__`. */
export function toPlain(node: JsonNode): unknown {
  switch (node.kind) {
    case "null":
      return null;
    case "boolean":
    case "text":
      return node.value;
    case "number":
      return Number(node.digits);
    case "list":
      return node.items.map(toPlain);
    case "object": {
      const plain = Object.create(null) as Record<string, unknown>;
      for (const [name, value] of node.fields)
        if (value.kind !== "null") plain[name] = toPlain(value);
      return plain;
    }
  }
}

/** These name a field of the place that they are about. */
function isAboutFields({ keyword }: ErrorObject): boolean {
  return keyword === "additionalProperties" || keyword === "required";
}

/** What we put into schemas. */
interface SchemaWords {
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly type?: string | readonly string[];
  readonly writeOnly?: boolean;
  readonly properties?: Readonly<Record<string, SchemaWords>>;
}

/** Reports one fault; false where it is more than an unknown field. */
function explain(error: ErrorObject, node: JsonNode, where: Where, report: Reporter): boolean {
  const isUnknownField = error.keyword === "additionalProperties";
  if (report.isFull(isUnknownField ? "warnings" : "problems")) return isUnknownField;
  const steps = error.instancePath.split("/").slice(1).map(unescape);
  const path = toPath(node, steps);
  const schema = (error.parentSchema ?? {}) as SchemaWords;
  const params = error.params as Readonly<Record<string, unknown>>;
  const inner = (...more: JsonPath): Where => ({
    file: where.file,
    path: [...where.path, ...path, ...more],
  });
  if (isUnknownField) {
    const name = String(params["additionalProperty"]);
    const hint = nearest(name, Object.keys(schema.properties ?? {}));
    const question = hint === undefined ? "" : `; did you mean "${hint}"?`;
    report.warn(inner(name), `an unknown field, kept and not used${question}`);
    return true;
  }
  if (error.keyword === "required") {
    const name = String(params["missingProperty"]);
    report.wrong(inner(name), wordsOf(schema.properties?.[name]), "nothing");
    return false;
  }
  const found = nodeAt(node, path);
  report.wrong(
    inner(),
    wordsOf(schema),
    schema.writeOnly === true ? showHidden(found) : show(found),
  );
  return false;
}

function showHidden(node: JsonNode | undefined): string {
  return node?.kind === "text" ? `another text, of ${node.value.length} characters` : show(node);
}

const typeWords: ReadonlyMap<string, string> = new Map([
  ["string", "a text"],
  ["boolean", "true or false"],
  ["number", "a number"],
  ["integer", "a whole number"],
  ["object", "an object"],
  ["array", "a list"],
]);

function wordsOf(schema: SchemaWords | undefined): string {
  if (schema?.description !== undefined) return schema.description;
  if (schema?.enum !== undefined)
    return `one of ${schema.enum.map((word) => JSON.stringify(word)).join(", ")}`;
  const types = [schema?.type ?? []].flat();
  if (types.length === 0) return "a value";
  return types.map((type) => typeWords.get(type) ?? type).join(" or ");
}

function unescape(step: string): string {
  return step.replaceAll("~1", "/").replaceAll("~0", "~");
}

/** Positions in lists become numbers again. */
function toPath(node: JsonNode, steps: readonly string[]): JsonPath {
  const path: (string | number)[] = [];
  let outer: JsonNode | undefined = node;
  for (const step of steps) {
    const typed: string | number = outer?.kind === "list" ? Number(step) : step;
    path.push(typed);
    outer = outer === undefined ? undefined : childOf(outer, typed);
  }
  return path;
}

function nodeAt(node: JsonNode, path: JsonPath): JsonNode | undefined {
  let inner: JsonNode | undefined = node;
  for (const step of path) inner = inner === undefined ? undefined : childOf(inner, step);
  return inner;
}
