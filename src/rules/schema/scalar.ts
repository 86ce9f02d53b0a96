/** Keywords about numbers and texts, and those about values of any type. */
import { compare, identityOf } from "../../bson/compare.ts";
import { Doc } from "../../bson/doc.ts";
import { printBson } from "../../bson/print.ts";
import { isArray, isNumber, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { compileJsonSchema } from "../../query/json-schema.ts";
import { compileRegex } from "../../query/regex.ts";
import { toDouble } from "../../query/number.ts";
import { chain } from "../expression/eventual.ts";
import { evaluate } from "../expressions.ts";
import type { Check, CompileKeyword } from "./check.ts";
import { formats } from "./format.ts";

/** How a number is out of bounds, per keyword; the second word is for bounds that are excluded. */
const bounds = {
  minimum: { sign: 1, inclusive: "number_gte", exclusive: "number_gt", flag: "exclusiveMinimum" },
  maximum: { sign: -1, inclusive: "number_lte", exclusive: "number_lt", flag: "exclusiveMaximum" },
} as const;

/** `minimum` and `maximum`, which a flag beside them makes exclusive. */
export const compileBound: CompileKeyword = ({ name, operand, schema, wrong }) => {
  const bound = bounds[name as keyof typeof bounds];
  if (!isNumber(operand)) return wrong("expected a number");
  return checkBound(operand, bound, schema.get(bound.flag) === true);
};

/** A flag for the bound beside it or, as in later drafts, a bound of its own. */
export const compileExclusive: CompileKeyword = ({ name, operand, wrong }) => {
  if (typeof operand === "boolean") return undefined;
  if (!isNumber(operand)) return wrong("expected a boolean or a number");
  const bound = name === "exclusiveMinimum" ? bounds.minimum : bounds.maximum;
  return checkBound(operand, bound, true);
};

function checkBound(
  operand: Value,
  { sign, inclusive, exclusive }: (typeof bounds)[keyof typeof bounds],
  isExclusive: boolean,
): Check {
  const kind = isExclusive ? exclusive : inclusive;
  const relation = `${sign > 0 ? "greater" : "less"} than ${isExclusive ? "" : "or equal to "}`;
  return ({ value, field }, { report }) => {
    if (!isNumber(value)) return;
    const order = compare(value, operand) * sign;
    const isOut = isExclusive ? order <= 0 : order < 0;
    // NaN is in no bounds, although it has a place in the order.
    if (!isOut && !Number.isNaN(toDouble(value))) return;
    report({ kind, field, message: `must be ${relation}${printBson(operand)}` });
  };
}

export const compileMultipleOf: CompileKeyword = ({ operand, wrong }) => {
  if (!isNumber(operand) || toDouble(operand) <= 0) return wrong("expected a positive number");
  const matches = compileJsonSchema(
    Doc.of({ properties: Doc.of({ v: Doc.of({ multipleOf: operand }) }) }),
  );
  return ({ value, field }, { report }) => {
    if (!isNumber(value) || matches(Doc.of({ v: value }))) return;
    report({ kind: "multiple_of", field, message: `must be a multiple of ${printBson(operand)}` });
  };
};

const lengths = {
  minLength: {
    kind: "string_gte",
    isOut: (length: number, bound: number) => length < bound,
    word: "least",
  },
  maxLength: {
    kind: "string_lte",
    isOut: (length: number, bound: number) => length > bound,
    word: "most",
  },
} as const;

export const compileLength: CompileKeyword = ({ name, operand, wrong }) => {
  const bound = countOf(operand);
  if (bound === undefined) return wrong("expected a whole number from 0 on");
  const { kind, isOut, word } = lengths[name as keyof typeof lengths];
  return ({ value, field }, { report }) => {
    if (typeof value !== "string" || !isOut(lengthOf(value), bound)) return;
    report({ kind, field, message: `must have at ${word} ${bound} characters` });
  };
};

/** In characters, not in units of UTF-16. */
function lengthOf(text: string): number {
  let length = text.length;
  for (let index = 1; index < text.length; index += 1) {
    const isLow = (text.charCodeAt(index) & 0xfc00) === 0xdc00;
    if (isLow && (text.charCodeAt(index - 1) & 0xfc00) === 0xd800) length -= 1;
  }
  return length;
}

/** A whole number from 0 on. */
export function countOf(operand: Value): number | undefined {
  if (!isNumber(operand)) return undefined;
  const count = toDouble(operand);
  return Number.isInteger(count) && count >= 0 ? count : undefined;
}

export const compilePattern: CompileKeyword = ({ operand, wrong }) => {
  if (typeof operand !== "string") return wrong("expected a pattern");
  try {
    const regex = compileRegex(operand, "");
    return ({ value, field }, { report }) => {
      if (typeof value !== "string" || regex.test(value)) return;
      report({ kind: "pattern", field, message: `does not match the pattern '${operand}'` });
    };
  } catch (cause) {
    if (!(cause instanceof MongoError)) throw cause;
    return wrong(cause.message);
  }
};

export const compileFormat: CompileKeyword = ({ operand, wrong }) => {
  const test = typeof operand === "string" ? formats.get(operand) : undefined;
  if (test === undefined || typeof operand !== "string")
    return wrong(`expected one of ${[...formats.keys()].join(", ")}`);
  return ({ value, field }, { report }) => {
    if (typeof value !== "string" || test(value)) return;
    report({ kind: "format", field, message: `is not in the format '${operand}'` });
  };
};

export const compileEnum: CompileKeyword = ({ operand, wrong }) => {
  if (!isArray(operand) || operand.length === 0) return wrong("expected a list of values");
  const allowed = new Set(operand.map((each) => identityOf(each)));
  return ({ value, field }, { report }) => {
    if (allowed.has(identityOf(value))) return;
    const message = `must be one of ${operand.map((each) => printBson(each)).join(", ")}`;
    report({ kind: "enum", field, message });
  };
};

export const compileConst: CompileKeyword = ({ operand }) => {
  const wanted = identityOf(operand);
  return ({ value, field }, { report }) => {
    if (identityOf(value) === wanted) return;
    report({ kind: "const", field, message: `must be ${printBson(operand)}` });
  };
};

/** A rule expression about the value, the document, and how both were before. */
export const compileValidate: CompileKeyword = ({ operand, compileExpression, wrong }) => {
  if (typeof operand !== "boolean" && !(operand instanceof Doc))
    return wrong("expected an expression: true, false or an object");
  const expression = compileExpression(operand);
  if (expression === undefined) return undefined;
  return ({ value, prev, field }, { root, prevRoot, environment, report }) => {
    if (environment === undefined) return undefined;
    const holds = evaluate(expression, { ...environment, root, prevRoot, this: value, prev });
    return chain(holds, (isSound) => {
      // Atlas: its list of kinds is that of the admin API's check of documents, which knows no expressions.
      if (!isSound) report({ kind: "validate", field, message: "does not pass its 'validate'" });
    });
  };
};
