/** Operators that users are refused: some always, some where rules look at documents. */
import { Doc } from "../bson/doc.ts";
import { isArray, Regex, type Value } from "../bson/value.ts";
import { Fault } from "../kit/fault.ts";
import { badValue } from "../kit/mongo-error.ts";

/** Code of the sender's, which only the system may have run. */
const code: ReadonlySet<string> = new Set(["$where", "$function", "$accumulator"]);

/**
 * Those of SPEC §2.3, for a user whose rules have conditions.
 *
 * Atlas: `$regex` stands in the original's list, but many apps use it as users; it is allowed unless the app says else.
 */
const conditional: ReadonlySet<string> = new Set([
  ...code,
  "$expr",
  "$jsonSchema",
  "$text",
  "$near",
  "$nearSphere",
  "$geoWithin",
  "$geoIntersects",
  "$within",
  "$bitsAllClear",
  "$bitsAllSet",
  "$bitsAnyClear",
  "$bitsAnySet",
  "$collStats",
  "$geoNear",
  "$indexStats",
  "$search",
  "$searchMeta",
  "$vectorSearch",
  "$setIsSubset",
]);

/** @throws {MongoError} 2 for code in a filter, an update or a pipeline, as the embedded store has it */
export function mustHoldNoCode(...parts: readonly (Value | undefined)[]): void {
  for (const each of parts) {
    if (each === undefined || !mayHoldCode(each)) continue;
    const found = findName(each, code);
    if (found !== undefined) throw badValue(`${found} is not allowed in this context`);
  }
}

/**
 * @param refusesRegex whether patterns are among them, also those that stand as values
 * @throws {Fault} `InvalidParameter` for an operator that a user with conditions may not use
 */
export function mustHoldPlainOperators(
  { refusesRegex }: { readonly refusesRegex: boolean },
  ...parts: readonly (Value | undefined)[]
): void {
  for (const each of parts) {
    if (each === undefined) continue;
    const found =
      findName(each, conditional) ?? (refusesRegex && holdsRegex(each) ? "$regex" : undefined);
    if (found !== undefined)
      throw new Fault(
        "InvalidParameter",
        `operator '${found}' is not allowed for users whose rules have conditions`,
      );
  }
}

const codeNames = [...code].map((each) => Buffer.from(each));

/** Looking for a text in bytes costs next to nothing; only where it is, fields are looked at. */
function mayHoldCode(value: Value): boolean {
  if (isArray(value)) return value.some(mayHoldCode);
  if (!(value instanceof Doc)) return false;
  const bytes = value.source;
  return bytes === undefined || codeNames.some((each) => bytes.includes(each));
}

/** An expression's `regex` is another thing: `$regexMatch` and its like are allowed. */
function holdsRegex(value: Value): boolean {
  if (isArray(value)) return value.some(holdsRegex);
  if (!(value instanceof Doc)) return value instanceof Regex;
  return [...value.entries()].some(
    ([key, inner]) => key === "$regex" || (key !== "regex" && holdsRegex(inner)),
  );
}

function findName(value: Value, names: ReadonlySet<string>): string | undefined {
  if (isArray(value)) {
    for (const each of value) {
      const found = findName(each, names);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (!(value instanceof Doc)) return undefined;
  for (const [key, inner] of value.entries()) {
    const found = names.has(key) ? key : findName(inner, names);
    if (found !== undefined) return found;
  }
  return undefined;
}
