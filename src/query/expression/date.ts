/** The operators on dates and timestamps. To add one: a line in the table of the file that it belongs to. */
import { dateArithmeticOperators } from "./date-arithmetic.ts";
import { dateFieldOperators } from "./date-field.ts";
import { datePartsOperators } from "./date-parts.ts";
import { dateTextOperators } from "./date-text.ts";
import type { CompileOperator } from "./operator.ts";
import { timestampOperators } from "./timestamp.ts";

export const dateOperators: ReadonlyMap<string, CompileOperator> = new Map([
  ...dateArithmeticOperators,
  ...dateFieldOperators,
  ...datePartsOperators,
  ...dateTextOperators,
  ...timestampOperators,
]);
