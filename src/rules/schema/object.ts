/** Keywords about objects. */
import { Doc } from "../../bson/doc.ts";
import { isArray, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { compileRegex, type RegexTest } from "../../query/regex.ts";
import { chain } from "../expression/eventual.ts";
import {
  type Check,
  type CompileKeyword,
  type Keyword,
  passes,
  runAll,
  type Spot,
} from "./check.ts";
import { countOf } from "./scalar.ts";

/** Makes a check of objects a check of all values. */
function ofObjects(check: (doc: Doc, ...rest: Parameters<Check>) => ReturnType<Check>): Check {
  return (spot, checking) =>
    spot.value instanceof Doc ? check(spot.value, spot, checking) : undefined;
}

function part(value: Value, name: string, { prev, field }: Spot): Spot {
  return {
    value,
    prev: prev instanceof Doc ? prev.get(name) : undefined,
    field: `${field}.${name}`,
  };
}

/** The names in a list of texts; undefined where it is none. */
function namesIn(operand: Value | undefined): readonly string[] | undefined {
  if (!isArray(operand)) return undefined;
  const names = operand.filter((each) => typeof each === "string");
  return names.length === operand.length ? names : undefined;
}

export const compileRequired: CompileKeyword = ({ operand, wrong }) => {
  const names = namesIn(operand);
  if (names === undefined) return wrong("expected a list of names");
  return ofObjects((doc, { field }, { report }) => {
    for (const name of names)
      if (!doc.has(name))
        report({ kind: "required", field: `${field}.${name}`, message: `${name} is required` });
  });
};

export const compileProperties: CompileKeyword = ({ operand, schema, compile, wrong }) => {
  if (!(operand instanceof Doc)) return wrong("expected an object of schemas");
  const required = new Set(namesIn(schema.get("required")));
  const checks = [...operand.entries()].map(
    ([name, each]) => [name, compile(each, name), !required.has(name)] as const,
  );
  return ofObjects((doc, spot, checking) =>
    runAll(
      checks.map(([name, check, isOptional]) => {
        const value = doc.get(name);
        if (value === undefined) return undefined;
        if (value === null && isOptional && checking.allowsNull) return undefined;
        return check(part(value, name, spot), checking);
      }),
    ),
  );
};

export const compilePatternProperties: CompileKeyword = (keyword) => {
  const { operand, compile, wrong } = keyword;
  if (!(operand instanceof Doc)) return wrong("expected an object of schemas");
  const patterns = compilePatterns(keyword);
  if (patterns === undefined) return undefined;
  const checks = [...operand.entries()].map(([pattern, each]) => compile(each, pattern));
  return ofObjects((doc, spot, checking) =>
    runAll(
      [...doc.entries()].flatMap(([name, value]) =>
        checks.map((check, index) =>
          patterns[index]?.test(name) === true
            ? check(part(value, name, spot), checking)
            : undefined,
        ),
      ),
    ),
  );
};

function compilePatterns({ schema, wrong }: Keyword): readonly RegexTest[] | undefined {
  const operand = schema.get("patternProperties");
  if (!(operand instanceof Doc)) return [];
  try {
    return operand.keys().map((pattern) => compileRegex(pattern, ""));
  } catch (cause) {
    if (!(cause instanceof MongoError)) throw cause;
    return wrong(cause.message);
  }
}

/** Fields that neither `properties` nor `patternProperties` describes. */
export const compileAdditional: CompileKeyword = (keyword) => {
  const { operand, schema, compile, wrong } = keyword;
  if (operand === true) return undefined;
  if (operand !== false && !(operand instanceof Doc))
    return wrong("expected a boolean or a schema");
  const properties = schema.get("properties");
  const names = new Set(properties instanceof Doc ? properties.keys() : []);
  const patterns = compilePatterns(keyword) ?? [];
  const check = operand === false ? undefined : compile(operand);
  return ofObjects((doc, spot, checking) =>
    runAll(
      [...doc.entries()].map(([name, value]) => {
        if (names.has(name) || patterns.some((each) => each.test(name))) return undefined;
        if (check !== undefined) return check(part(value, name, spot), checking);
        checking.report({
          kind: "additional_property_not_allowed",
          field: `${spot.field}.${name}`,
          message: `${name} is not described by the schema, and others are not allowed`,
        });
        return undefined;
      }),
    ),
  );
};

const counts = {
  minProperties: {
    kind: "array_min_properties",
    isOut: (count: number, bound: number) => count < bound,
    word: "least",
  },
  maxProperties: {
    kind: "array_max_properties",
    isOut: (count: number, bound: number) => count > bound,
    word: "most",
  },
} as const;

export const compilePropertyCount: CompileKeyword = ({ name, operand, wrong }) => {
  const bound = countOf(operand);
  if (bound === undefined) return wrong("expected a whole number from 0 on");
  const { kind, isOut, word } = counts[name as keyof typeof counts];
  return ofObjects((doc, { field }, { report }) => {
    if (isOut(doc.size, bound))
      report({ kind, field, message: `must have at ${word} ${bound} fields` });
  });
};

export const compilePropertyNames: CompileKeyword = ({ operand, compile, wrong }) => {
  if (!(operand instanceof Doc) && typeof operand !== "boolean") return wrong("expected a schema");
  const check = compile(operand);
  return ofObjects((doc, { field }, checking) =>
    runAll(
      doc.keys().map((name) =>
        chain(passes(check, { value: name, prev: undefined, field }, checking), (isSound) => {
          if (isSound) return;
          const message = `${name} is not a name that the schema allows`;
          checking.report({ kind: "invalid_property_name", field: `${field}.${name}`, message });
        }),
      ),
    ),
  );
};

/** What has to be there, or to hold, where a field is there. */
export const compileDependencies: CompileKeyword = ({ operand, compile, wrong }) => {
  if (!(operand instanceof Doc)) return wrong("expected an object");
  const checks: Check[] = [];
  for (const [name, dependency] of operand.entries()) {
    const names = namesIn(dependency);
    if (names !== undefined) checks.push(checkNeeded(name, names));
    else if (dependency instanceof Doc) {
      const check = compile(dependency, name);
      checks.push(
        ofObjects((doc, spot, checking) => (doc.has(name) ? check(spot, checking) : undefined)),
      );
    } else return wrong(`expected names or a schema for ${name}`);
  }
  return (spot, checking) => runAll(checks.map((check) => check(spot, checking)));
};

function checkNeeded(name: string, needed: readonly string[]): Check {
  return ofObjects((doc, { field }, { report }) => {
    if (!doc.has(name)) return;
    for (const each of needed)
      if (!doc.has(each))
        report({
          kind: "missing_dependency",
          field: `${field}.${each}`,
          message: `${each} is required where there is ${name}`,
        });
  });
}
