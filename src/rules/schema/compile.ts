/**
 * `schema.json` compiled to a check.
 *
 * To add a keyword: a line in `keywords`, its compiler in the file of its family, and a row in `schema.test.ts`.
 */
import { Doc } from "../../bson/doc.ts";
import type { Value } from "../../bson/value.ts";
import type { Expression } from "../../config/app-config.ts";
import { compileExpression } from "../expressions.ts";
import {
  compileAdditionalItems,
  compileContains,
  compileItemCount,
  compileItems,
  compileUnique,
} from "./array.ts";
import { type Check, type CompileKeyword, runAll } from "./check.ts";
import { compileAllOf, compileAnyOf, compileIf, compileNot, compileOneOf } from "./logic.ts";
import {
  compileAdditional,
  compileDependencies,
  compilePatternProperties,
  compileProperties,
  compilePropertyCount,
  compilePropertyNames,
  compileRequired,
} from "./object.ts";
import {
  compileBound,
  compileConst,
  compileEnum,
  compileExclusive,
  compileFormat,
  compileLength,
  compileMultipleOf,
  compilePattern,
  compileValidate,
} from "./scalar.ts";
import { compileType } from "./type.ts";

export interface SchemaProblem {
  /** Keywords, names and positions, from the schema on. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

export type OnSchemaProblem = (problem: SchemaProblem) => void;

const depthMax = 100;

/** Compiles a schema. What is wrong with it is told, and lets nothing pass: it must not open anything. */
export function compileCheck(
  schema: Value,
  path: readonly (string | number)[],
  onProblem: OnSchemaProblem,
): Check {
  if (schema === true) return () => undefined;
  if (schema === false) return failing("false", "nothing is allowed here");
  let isSound = true;
  const tell = (steps: readonly (string | number)[], message: string): void => {
    isSound = false;
    onProblem({ path: [...path, ...steps], message });
  };
  if (!(schema instanceof Doc)) tell([], "expected a schema: an object");
  else if (path.length > depthMax) tell([], "too deep");
  else {
    const checks = compileKeywords(schema, path, { tell, onProblem });
    if (isSound) return (spot, checking) => runAll(checks.map((check) => check(spot, checking)));
  }
  return failing("internal", "the schema has a mistake here");
}

function compileKeywords(
  schema: Doc,
  path: readonly (string | number)[],
  {
    tell,
    onProblem,
  }: {
    readonly tell: (steps: readonly (string | number)[], message: string) => void;
    readonly onProblem: OnSchemaProblem;
  },
): readonly Check[] {
  const checks: Check[] = [];
  for (const [name, operand] of schema.entries()) {
    const compile = keywords.get(name);
    if (compile === undefined) {
      if (!notes.has(name)) tell([name], `unknown keyword '${name}'`);
      continue;
    }
    const check = compile({
      name,
      operand,
      schema,
      compile: (inner, ...steps) => compileCheck(inner, [...path, name, ...steps], onProblem),
      compileExpression(expression) {
        let isExpression = true;
        const compiled = compileExpression(expression as Expression, "document", (problem) => {
          isExpression = false;
          tell([name, ...problem.path], problem.message);
        });
        return isExpression ? compiled : undefined;
      },
      wrong(message) {
        tell([name], message);
        return undefined;
      },
    });
    if (check !== undefined) checks.push(check);
  }
  return checks;
}

function failing(kind: string, message: string): Check {
  return ({ field }, { report }) => {
    report({ kind, field, message });
  };
}

/** What says something to people only, or to a keyword beside it. */
const notes: ReadonlySet<string> = new Set([
  "$comment",
  "$id",
  "$schema",
  "id",
  "default",
  "description",
  "examples",
  "title",
  "then",
  "else",
]);

const keywords: ReadonlyMap<string, CompileKeyword> = new Map<string, CompileKeyword>([
  ["bsonType", compileType],
  ["type", compileType],
  ["enum", compileEnum],
  ["const", compileConst],
  ["minimum", compileBound],
  ["maximum", compileBound],
  ["exclusiveMinimum", compileExclusive],
  ["exclusiveMaximum", compileExclusive],
  ["multipleOf", compileMultipleOf],
  ["minLength", compileLength],
  ["maxLength", compileLength],
  ["pattern", compilePattern],
  ["format", compileFormat],
  ["items", compileItems],
  ["additionalItems", compileAdditionalItems],
  ["minItems", compileItemCount],
  ["maxItems", compileItemCount],
  ["uniqueItems", compileUnique],
  ["contains", compileContains],
  ["required", compileRequired],
  ["properties", compileProperties],
  ["patternProperties", compilePatternProperties],
  ["additionalProperties", compileAdditional],
  ["propertyNames", compilePropertyNames],
  ["minProperties", compilePropertyCount],
  ["maxProperties", compilePropertyCount],
  ["dependencies", compileDependencies],
  ["allOf", compileAllOf],
  ["anyOf", compileAnyOf],
  ["oneOf", compileOneOf],
  ["not", compileNot],
  ["if", compileIf],
  ["validate", compileValidate],
]);
