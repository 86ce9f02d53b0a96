/** Keywords about arrays. */
import { identityOf } from "../../bson/compare.ts";
import { Doc } from "../../bson/doc.ts";
import { isArray, type Value } from "../../bson/value.ts";
import { chain, someAnswer } from "../expression/eventual.ts";
import { type Check, type CompileKeyword, passes, runAll, type Spot } from "./check.ts";
import { countOf } from "./scalar.ts";

/** Makes a check of arrays a check of all values. */
function ofArrays(
  check: (array: readonly Value[], ...rest: Parameters<Check>) => ReturnType<Check>,
): Check {
  return (spot, checking) => (isArray(spot.value) ? check(spot.value, spot, checking) : undefined);
}

function element(array: readonly Value[], index: number, { prev, field }: Spot): Spot {
  return {
    value: array[index] as Value,
    prev: isArray(prev) ? prev[index] : undefined,
    field: `${field}.${index}`,
  };
}

/** One schema for all elements, or one for each place. */
export const compileItems: CompileKeyword = ({ operand, compile, wrong }) => {
  if (isArray(operand)) {
    const checks = operand.map((each, index) => compile(each, index));
    return ofArrays((array, spot, checking) =>
      runAll(
        checks.map((check, index) =>
          index < array.length ? check(element(array, index, spot), checking) : undefined,
        ),
      ),
    );
  }
  if (!(operand instanceof Doc) && typeof operand !== "boolean")
    return wrong("expected a schema, or a list of schemas");
  const check = compile(operand);
  return ofArrays((array, spot, checking) =>
    runAll(array.map((_, index) => check(element(array, index, spot), checking))),
  );
};

/** What stands behind the places that `items` lists. */
export const compileAdditionalItems: CompileKeyword = ({ operand, schema, compile, wrong }) => {
  const items = schema.get("items");
  if (!isArray(items) || operand === true) return undefined;
  const from = items.length;
  if (operand === false)
    return ofArrays((array, { field }, { report }) => {
      if (array.length <= from) return;
      const message = `may have no more than ${from} elements`;
      report({ kind: "array_no_additional_items", field, message });
    });
  if (!(operand instanceof Doc)) return wrong("expected a boolean or a schema");
  const check = compile(operand);
  return ofArrays((array, spot, checking) =>
    runAll(
      array.slice(from).map((_, index) => check(element(array, from + index, spot), checking)),
    ),
  );
};

const counts = {
  minItems: {
    kind: "array_min_items",
    isOut: (count: number, bound: number) => count < bound,
    word: "least",
  },
  maxItems: {
    kind: "array_max_items",
    isOut: (count: number, bound: number) => count > bound,
    word: "most",
  },
} as const;

export const compileItemCount: CompileKeyword = ({ name, operand, wrong }) => {
  const bound = countOf(operand);
  if (bound === undefined) return wrong("expected a whole number from 0 on");
  const { kind, isOut, word } = counts[name as keyof typeof counts];
  return ofArrays((array, { field }, { report }) => {
    if (isOut(array.length, bound))
      report({ kind, field, message: `must have at ${word} ${bound} elements` });
  });
};

export const compileUnique: CompileKeyword = ({ operand, wrong }) => {
  if (typeof operand !== "boolean") return wrong("expected a boolean");
  if (!operand) return undefined;
  return ofArrays((array, { field }, { report }) => {
    if (new Set(array.map((each) => identityOf(each))).size < array.length)
      report({ kind: "unique", field, message: "must have no two elements that are equal" });
  });
};

export const compileContains: CompileKeyword = ({ operand, compile, wrong }) => {
  if (!(operand instanceof Doc) && typeof operand !== "boolean") return wrong("expected a schema");
  const check = compile(operand);
  return ofArrays((array, spot, checking) => {
    const places = array.map((_, index) => element(array, index, spot));
    return chain(
      someAnswer(places, true, (each) => passes(check, each, checking)),
      (isThere) => {
        if (isThere) return;
        const message = "must have an element that its 'contains' describes";
        checking.report({ kind: "contains", field: spot.field, message });
      },
    );
  });
};
