/** A part of the model and how it stands in a file: read with all its faults, written with nothing lost. */
import type { Static, TSchema } from "@sinclair/typebox";
import type { Doc } from "../../bson/doc.ts";
import { parseEjsonValue } from "../../bson/parse-ejson.ts";
import { toText } from "../../bson/stringify.ts";
import type { Value } from "../../bson/value.ts";
import { Fault } from "../../kit/fault.ts";
import type { Expression, Origin } from "../app-config.ts";
import {
  childOf,
  type JsonFile,
  type JsonInput,
  type JsonNode,
  type JsonPath,
  toNode,
} from "./json-node.ts";
import { parseJson } from "./parse-json.ts";
import { patchJson } from "./patch-json.ts";
import { printCompact } from "./print-json.ts";
import type { Reading } from "./reading.ts";
import { at, type Reporter, silent } from "./report.ts";
import { expandTemplates } from "./template.ts";
import { toPlain, validate } from "./validate.ts";

export interface Codec<Schema extends TSchema, Model extends { readonly origin?: Origin }> {
  readonly schema: Schema;
  /** Fields whose content is no template. */
  readonly verbatim: ReadonlySet<string>;
  /** Reports what a schema can not say; undefined where the part can not be made. */
  read(wire: Static<Schema>, origin: Origin, report: Reporter): Model | undefined;
  write(model: Model): JsonInput;
}

/** Reads one part, which stands at a path; undefined where it is wrong, which has been reported. */
export function readPart<Schema extends TSchema, Model extends { readonly origin?: Origin }>(
  codec: Codec<Schema, Model>,
  reading: Reading,
  file: JsonFile,
  node: JsonNode,
  path: JsonPath = [],
): Model | undefined {
  const { report } = reading;
  const raw: Origin = { file, path, node, expanded: node };
  const expanded = expandTemplates(node, reading.environment, codec.verbatim, (inner, ...words) => {
    report.wrong({ file, path: [...path, ...inner] }, ...words);
  });
  const wire = validate(codec.schema, expanded, { file, path }, report);
  return wire === undefined ? undefined : codec.read(wire, { ...raw, expanded }, report);
}

/** Writes one part: what was not changed since it was read stands as it stood. */
export function writePart<Schema extends TSchema, Model extends { readonly origin?: Origin }>(
  codec: Codec<Schema, Model>,
  model: Model,
): JsonNode {
  const after = toNode(codec.write(model));
  const { origin } = model;
  if (origin === undefined) return after;
  const former = codec.read(toPlain(origin.expanded), origin, silent);
  return former === undefined ? after : patchJson(origin.node, toNode(codec.write(former)), after);
}

/**
 * The value that stands at a path, as EJSON; undefined where there is none.
 *
 * An expression that is no EJSON is reported, and undefined.
 */
export function valueAt(origin: Origin, path: JsonPath, report: Reporter): Value | undefined {
  let node: JsonNode | undefined = origin.expanded;
  for (const step of path) node = node === undefined ? undefined : childOf(node, step);
  if (node === undefined) return undefined;
  try {
    return toValue(node);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    report.wrong(at(origin, ...path), "a value in EJSON", reasonOf(error));
    return undefined;
  }
}

/** A message of the EJSON reader without its own beginning, which counts bytes of another text. */
function reasonOf(fault: Fault): string {
  return fault.message.replace(/^invalid EJSON at (?:byte \d+|(.*?) \(byte \d+\)): /, (_, path) =>
    typeof path === "string" ? `at ${path}: ` : "",
  );
}

/** @throws {Fault} `InvalidParameter` where it is no EJSON */
export function toValue(node: JsonNode): Value {
  return parseEjsonValue(Buffer.from(printCompact(node)));
}

/** Like `valueAt`, for what the schema has found to be a boolean or an object. */
export function expressionAt(
  origin: Origin,
  path: JsonPath,
  report: Reporter,
): Expression | undefined {
  return valueAt(origin, path, report) as Expression | undefined;
}

/** Like `valueAt`, for what the schema has found to be an object. */
export function docAt(origin: Origin, path: JsonPath, report: Reporter): Doc | undefined {
  return valueAt(origin, path, report) as Doc | undefined;
}

/** A value as it is written into a file; undefined stays undefined. */
export function fromValue(value: Value | undefined): JsonNode | undefined {
  if (value === undefined) return undefined;
  const { root } = parseJson(toText(value, "relaxed"));
  if (root === undefined) throw new TypeError("a value's text is no JSON");
  return withoutPlace(root);
}

/** The text of a value is no file's: its nodes must not be taken for parts of one. */
function withoutPlace(node: JsonNode): JsonNode {
  const made = { text: undefined, start: -1, end: -1 };
  switch (node.kind) {
    case "list":
      return { ...node, ...made, items: node.items.map(withoutPlace) };
    case "object":
      return {
        ...node,
        ...made,
        fields: new Map([...node.fields].map(([name, value]) => [name, withoutPlace(value)])),
      };
    default:
      return { ...node, ...made };
  }
}
