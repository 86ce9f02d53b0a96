/** What a field is compared with: literals, expansions, conversions, and what functions give. */
import { Doc } from "../../bson/doc.ts";
import { Binary, isArray, ObjectId, typeOf, type Value } from "../../bson/value.ts";
import { normalize } from "./comparison.ts";
import type { Call, Conversion, Operand, Reference } from "./node.ts";

type Steps = readonly (string | number)[];

export interface OperandParsing {
  readonly wrong: (steps: Steps, message: string) => void;
  /** Tells what is wrong with the expansion itself. */
  readonly mustReference: (text: string, steps: Steps) => Reference | undefined;
  /** Whether names that begin with `%` or `$` are those of a filter's operators. */
  readonly keepsOperators: boolean;
}

const conversions: ReadonlyMap<string, Conversion> = new Map(
  (["stringToOid", "oidToString", "stringToUuid", "uuidToString"] as const).map((each) => [
    `$${each}`,
    each,
  ]),
);

/** @returns undefined where something is wrong, which has been told */
export function parseOperand(
  value: Value,
  parsing: OperandParsing,
  steps: Steps,
): Operand | undefined {
  if (typeof value === "string") return parseText(value, parsing, steps);
  if (isArray(value)) return parseList(value, parsing, steps);
  if (value instanceof Doc) return parseDoc(value, parsing, steps);
  return { kind: "literal", value };
}

function parseText(text: string, parsing: OperandParsing, steps: Steps): Operand | undefined {
  if (!text.startsWith("%%")) return { kind: "literal", value: text };
  if (text === "%%true" || text === "%%false") return { kind: "literal", value: text === "%%true" };
  const reference = parsing.mustReference(text, steps);
  return reference === undefined ? undefined : { kind: "reference", reference };
}

function parseList(
  values: readonly Value[],
  parsing: OperandParsing,
  steps: Steps,
): Operand | undefined {
  const items: Operand[] = [];
  for (const [index, each] of values.entries()) {
    const item = parseOperand(each, parsing, [...steps, index]);
    if (item === undefined) return undefined;
    items.push(item);
  }
  return items.every((each) => each.kind === "literal")
    ? { kind: "literal", value: values }
    : { kind: "list", items };
}

function parseDoc(doc: Doc, parsing: OperandParsing, steps: Steps): Operand | undefined {
  const [first] = doc.keys();
  if (doc.size === 1 && first !== undefined) {
    const operator = parseValueOperator(first, doc.valueAt(0), parsing, [...steps, first]);
    if (operator !== "none") return operator;
  }
  const keys: string[] = [];
  const values: Operand[] = [];
  for (const [key, inner] of doc.entries()) {
    const operand = parseMember(key, inner, parsing, [...steps, key]);
    if (operand === undefined) return undefined;
    keys.push(normalize(key));
    values.push(operand);
  }
  const literals = values.flatMap((each) => (each.kind === "literal" ? [each.value] : []));
  return literals.length === values.length
    ? { kind: "literal", value: Doc.fromParts(keys, literals) }
    : { kind: "document", keys, values };
}

function parseMember(
  key: string,
  value: Value,
  parsing: OperandParsing,
  steps: Steps,
): Operand | undefined {
  const isOperator = key.startsWith("%") || key.startsWith("$");
  if (isOperator && !parsing.keepsOperators) {
    parsing.wrong(steps, `${key} can not stand here`);
    return undefined;
  }
  const operand = parseOperand(value, parsing, steps);
  if (operand === undefined || !parsing.keepsOperators || isOperator) return operand;
  // What a user says must not be read as operators: a value is only ever compared.
  if (operand.kind === "literal" || operand.kind === "document") return operand;
  return { kind: "document", keys: ["$eq"], values: [operand] };
}

function parseValueOperator(
  key: string,
  inner: Value,
  parsing: OperandParsing,
  steps: Steps,
): Operand | "none" | undefined {
  const name = normalize(key);
  const conversion = conversions.get(name);
  if (conversion !== undefined) return parseConversion(key, conversion, inner, parsing, steps);
  if (name === "$function") {
    const call = parseCall(inner, parsing, steps);
    return call === undefined ? undefined : { kind: "call", call };
  }
  return "none";
}

function parseConversion(
  key: string,
  conversion: Conversion,
  inner: Value,
  parsing: OperandParsing,
  steps: Steps,
): Operand | undefined {
  const of =
    inner instanceof Doc || isArray(inner) ? undefined : parseOperand(inner, parsing, steps);
  if (of === undefined && (inner instanceof Doc || isArray(inner)))
    parsing.wrong(steps, `${key} takes a plain value or an expansion`);
  return of === undefined ? undefined : { kind: "conversion", conversion, of };
}

/** `{ name, arguments }` */
export function parseCall(
  value: Value | undefined,
  parsing: OperandParsing,
  steps: Steps,
): Call | undefined {
  const name = value instanceof Doc ? value.get("name") : undefined;
  const given = value instanceof Doc ? (value.get("arguments") ?? []) : [];
  if (typeof name !== "string" || name === "") {
    parsing.wrong(steps, "a function has a name and arguments");
    return undefined;
  }
  if (!isArray(given)) {
    parsing.wrong([...steps, "arguments"], "expected a list");
    return undefined;
  }
  const args: Operand[] = [];
  for (const [index, each] of given.entries()) {
    const operand = parseOperand(each, parsing, [...steps, "arguments", index]);
    if (operand === undefined) return undefined;
    args.push(operand);
  }
  return { name, args };
}

const hex24 = /^[0-9a-fA-F]{24}$/;
const uuidForm = /^[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$/;

/** @returns undefined for what can not be converted: it equals nothing */
export function convert(conversion: Conversion, value: Value | undefined): Value | undefined {
  switch (conversion) {
    case "stringToOid":
      return typeof value === "string" ? toObjectId(value) : undefined;
    case "oidToString":
      return value instanceof ObjectId ? value.toHex() : undefined;
    case "stringToUuid":
      return typeof value === "string" && uuidForm.test(value)
        ? new Binary(4, Buffer.from(value.replaceAll("-", ""), "hex"))
        : undefined;
    case "uuidToString":
      return value !== undefined && typeOf(value) === 5 ? toUuidText(value as Binary) : undefined;
  }
}

/** 24 hex digits, or 12 bytes as they are. */
function toObjectId(text: string): ObjectId | undefined {
  if (hex24.test(text)) return ObjectId.fromHex(text);
  const bytes = Buffer.from(text);
  return bytes.length === 12 ? ObjectId.fromHex(bytes.toString("hex")) : undefined;
}

function toUuidText({ subType, bytes }: Binary): string | undefined {
  if (subType !== 4 || bytes.length !== 16) return undefined;
  const hex = Buffer.from(bytes).toString("hex");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join("-");
}
