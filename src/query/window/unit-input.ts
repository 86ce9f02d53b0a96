/** What `$derivative` and `$integral` are given: `{ input, unit }`, over a window sorted by one field. */
import { Doc } from "../../bson/doc.ts";
import { typeName, type Value } from "../../bson/value.ts";
import { failedToParse, MongoError } from "../../kit/mongo-error.ts";
import { fixedUnitsMs } from "../date/unit.ts";
import { printField } from "../../bson/print.ts";
import {
  type CompiledExpression,
  compileExpression,
  compileStageExpression,
} from "../expression.ts";
import { mustBeUnit, readBounds, type WindowBounds } from "./bounds.ts";
import {
  type CompileWindowFunction,
  mustSortByOneField,
  readOwnArguments,
} from "./window-function.ts";

export interface UnitInput {
  readonly input: CompiledExpression;
  /** What the documents are sorted by. */
  readonly position: CompiledExpression;
  /** Milliseconds of the unit; undefined where there is none. */
  readonly unitMs: number | undefined;
  readonly bounds: WindowBounds | undefined;
}

/** @throws {MongoError} 9, 5490710, and what bounds and expressions give */
export function readUnitInput(
  ...[spec, context, name]: Parameters<CompileWindowFunction>
): UnitInput {
  const path = mustSortByOneField(context.order, name);
  let bounds: WindowBounds | undefined;
  const operand = readOwnArguments(spec, name, (window) => {
    bounds = readBounds(window, context);
  });
  if (!(operand instanceof Doc))
    throw failedToParse(
      `${name} expects an object, but got a ${typeName(operand)}: ${printField(name, operand)}`,
    );
  let unitMs: number | undefined;
  for (const [key, value] of operand.entries()) {
    if (key === "unit") unitMs = readUnit(value);
    else if (key !== "input") throw failedToParse(`${name} got unexpected argument: ${key}`);
  }
  const input = operand.get("input");
  if (input === undefined) throw failedToParse(`${name} requires an 'input' expression`);
  return {
    input: compileStageExpression(input, context.environment),
    position: compileExpression(`$${path}`, context.environment),
    unitMs,
    bounds,
  };
}

function readUnit(value: Value): number {
  if (typeof value !== "string")
    throw failedToParse(`unit' must be a string, but got ${typeName(value)}`);
  const ms = fixedUnitsMs.get(mustBeUnit(value));
  // Longer ones have no fixed length.
  if (ms === undefined) throw new MongoError(5_490_710, "unit must be 'week' or smaller");
  return ms;
}
