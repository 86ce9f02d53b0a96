/** Array filters: which elements `$[name]` stands for. */
import { Doc } from "../bson/doc.ts";
import type { Value } from "../bson/value.ts";
import { failedToParse, MongoError } from "../kit/mongo-error.ts";
import type { QueryEnvironment } from "./environment.ts";
import { compileMatch } from "./match.ts";
import { refuseDocumentOperators, rootNamesOf } from "./update/restricted.ts";

export type ElementFilter = (element: Value) => boolean;

const nameForm = /^[a-z][a-zA-Z0-9]*$/;

/**
 * Compiles the array filters of one update, by the name that their paths begin with.
 *
 * @throws {MongoError} 9 for a filter without a single such name or two with the same, 2 for a name that can not be
 */
export function compileArrayFilters(
  filters: readonly Doc[],
  environment: QueryEnvironment,
): ReadonlyMap<string, ElementFilter> {
  if (filters.length === 0) return none;
  const compiled = new Map<string, ElementFilter>();
  for (const filter of filters) {
    const { name, test } = compileArrayFilter(filter, environment);
    if (compiled.has(name))
      throw failedToParse(
        `Found multiple array filters with the same top-level field name ${name}`,
      );
    compiled.set(name, test);
  }
  return compiled;
}

const none: ReadonlyMap<string, ElementFilter> = new Map();

function compileArrayFilter(
  filter: Doc,
  environment: QueryEnvironment,
): { readonly name: string; readonly test: ElementFilter } {
  return explained(() => {
    refuseDocumentOperators(filter);
    const match = compileMatch(filter, environment);
    const name = readName(filter);
    // The element goes by its name, so that the filter's paths lead to it.
    return { name, test: (element) => match.matches(Doc.fromParts([name], [element])) };
  });
}

const missingName = "Cannot use an expression without a top-level field name in arrayFilters";

function readName(filter: Doc): string {
  const names = [...rootNamesOf(filter)];
  const [name, other] = names;
  if (name === undefined) throw failedToParse(missingName);
  if (other !== undefined)
    throw failedToParse(`Expected a single top-level field name, found '${name}' and '${other}'`);
  if (!nameForm.test(name))
    throw new MongoError(
      2,
      `The top-level field name must be an alphanumeric string beginning with a lowercase letter, found '${name}'`,
    );
  return name;
}

function explained<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof MongoError) || cause.message === missingName) throw cause;
    throw new MongoError(
      cause.code,
      `Error parsing array filter :: caused by :: ${cause.message}`,
      {
        cause,
      },
    );
  }
}
