/** JSON as it stands in a file: every field in its order, every number with its digits, every value with its place. */

interface Place {
  /** The text it was read from; undefined for a node that was made. */
  readonly text: string | undefined;
  /** Offsets into `text` in UTF-16 units; -1 for a node that was made. */
  readonly start: number;
  readonly end: number;
}

export type JsonNode = Place &
  (
    | { readonly kind: "null" }
    | { readonly kind: "boolean"; readonly value: boolean }
    | { readonly kind: "text"; readonly value: string }
    | { readonly kind: "number"; readonly digits: string }
    | { readonly kind: "list"; readonly items: readonly JsonNode[] }
    | { readonly kind: "object"; readonly fields: ReadonlyMap<string, JsonNode> }
  );

/** Field names and positions in lists. */
export type JsonPath = readonly (string | number)[];

export interface JsonFile {
  /** Below the app's directory, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly root: JsonNode;
}

const made: Place = { text: undefined, start: -1, end: -1 };

export function objectNode(fields: ReadonlyMap<string, JsonNode>): JsonNode {
  return { kind: "object", fields, ...made };
}

export function listNode(items: readonly JsonNode[]): JsonNode {
  return { kind: "list", items, ...made };
}

/** A field of an object; undefined where there is none, or where the node is no object. */
export function fieldOf(node: JsonNode | undefined, name: string): JsonNode | undefined {
  return node?.kind === "object" ? node.fields.get(name) : undefined;
}

/** The fields of an object; none of anything else. */
export function fieldsOf(node: JsonNode | undefined): ReadonlyMap<string, JsonNode> {
  return node?.kind === "object" ? node.fields : new Map();
}

export function itemsOf(node: JsonNode | undefined): readonly JsonNode[] {
  return node?.kind === "list" ? node.items : [];
}

export function textOf(node: JsonNode | undefined): string | undefined {
  return node?.kind === "text" ? node.value : undefined;
}

export function childOf(node: JsonNode, step: string | number): JsonNode | undefined {
  if (typeof step === "number") return node.kind === "list" ? node.items[step] : undefined;
  return fieldOf(node, step);
}

/** What a new part of a file is made of. Members that are undefined are left out. */
export type JsonInput =
  | null
  | undefined
  | boolean
  | number
  | string
  | JsonNode
  | ReadonlyMap<string, JsonNode>
  | readonly JsonInput[]
  | JsonMembers;

export interface JsonMembers {
  readonly [name: string]: JsonInput;
}

export function toNode(input: JsonInput): JsonNode {
  switch (typeof input) {
    case "undefined":
      return { kind: "null", ...made };
    case "boolean":
      return { kind: "boolean", value: input, ...made };
    case "number":
      return { kind: "number", digits: JSON.stringify(input), ...made };
    case "string":
      return { kind: "text", value: input, ...made };
    default:
      return toComposite(input);
  }
}

function toComposite(input: Exclude<JsonInput, undefined | boolean | number | string>): JsonNode {
  if (input === null) return { kind: "null", ...made };
  if (isList(input)) return listNode(input.map(toNode));
  if (input instanceof Map) return objectNode(input as ReadonlyMap<string, JsonNode>);
  if (isNode(input)) return input;
  const fields = new Map<string, JsonNode>();
  for (const [name, member] of Object.entries(input as JsonMembers))
    if (member !== undefined) fields.set(name, toNode(member));
  return objectNode(fields);
}

function isList(input: unknown): input is readonly JsonInput[] {
  return Array.isArray(input);
}

/** Members of a literal have no field of this name: it would be an offset. */
function isNode(input: object): input is JsonNode {
  return "kind" in input && "start" in input && "end" in input;
}

export interface Comparison {
  /** Whether two objects of the same fields in another order are different. */
  readonly fieldOrder: "counts" | "ignored";
}

/** Whether two trees say the same; white space and places do not count. Nesting is bounded by the reader. */
export function sameJson(left: JsonNode, right: JsonNode, by: Comparison): boolean {
  if (left === right) return true;
  switch (left.kind) {
    case "null":
      return right.kind === "null";
    case "boolean":
    case "text":
      return right.kind === left.kind && right.value === left.value;
    case "number":
      return right.kind === "number" && sameNumber(left.digits, right.digits, by);
    case "list": {
      if (right.kind !== "list" || right.items.length !== left.items.length) return false;
      return left.items.every((item, at) => sameJson(item, right.items[at] as JsonNode, by));
    }
    case "object":
      return right.kind === "object" && sameFields(left.fields, right.fields, by);
  }
}

/** A tool that ignores the order of fields also writes `1.0` as `1` and loses digits beyond 2^53. */
function sameNumber(left: string, right: string, { fieldOrder }: Comparison): boolean {
  return left === right || (fieldOrder === "ignored" && Number(left) === Number(right));
}

function sameFields(
  left: ReadonlyMap<string, JsonNode>,
  right: ReadonlyMap<string, JsonNode>,
  by: Comparison,
): boolean {
  if (left.size !== right.size) return false;
  const names = by.fieldOrder === "counts" ? right.keys() : undefined;
  for (const [name, value] of left) {
    if (names !== undefined && names.next().value !== name) return false;
    const other = right.get(name);
    if (other === undefined || !sameJson(value, other, by)) return false;
  }
  return true;
}

/** A JSON path as people write it: `[2].config["a.b"]`; empty for the whole file. */
export function printPath(path: JsonPath): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else if (!/^[\w$%-]{1,64}$/.test(step)) text += `[${JSON.stringify(shorten(step))}]`;
    else text += text === "" ? step : `.${step}`;
  }
  return text.length > pathMax ? `${text.slice(0, pathMax)}…` : text;
}

const pathMax = 400;
const stepMax = 64;

function shorten(step: string): string {
  return step.length > stepMax ? `${step.slice(0, stepMax)}…` : step;
}
