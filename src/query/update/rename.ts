/** `$rename`: a value that leaves one path for another. */
import { Doc } from "../../bson/doc.ts";
import { isArray, type Value } from "../../bson/value.ts";
import { badValue, MongoError } from "../../kit/mongo-error.ts";
import { printField } from "../../bson/print.ts";
import { indexOfPart, isPlain } from "./path.ts";
import { checkCreatable, describeId, type Place, pathOf, type Run } from "./place.ts";
import type { Leaf } from "./tree.ts";

/**
 * The operator that stands at the target's path.
 *
 * @throws {MongoError} 2 when one path is within the other, or stands for several places
 */
export function compileRename(source: readonly string[], target: readonly string[]): Leaf {
  const from = source.join(".");
  const to = target.join(".");
  const what = printField(from, to);
  if (from === to) throw badValue(`The source and target field for $rename must differ: ${what}`);
  if (isPrefix(source, target) || isPrefix(target, source))
    throw badValue(`The source and target field for $rename must not be on the same path: ${what}`);
  if (!isPlain(source)) throw badValue(`The source field for $rename may not be dynamic: ${from}`);
  if (!isPlain(target))
    throw badValue(`The destination field for $rename may not be dynamic: ${to}`);
  const move = (place: Place, run: Run, before: Value | undefined): Value | undefined => {
    const value = findSource(source, run);
    if (value === undefined) return before;
    checkTarget(place, run);
    if (before === undefined) checkCreatable(place);
    if (source[0] === "_id" && run.root.has("_id"))
      throw new MongoError(
        66,
        `Performing an update on the path '${from}' would modify the immutable field '_id'`,
      );
    run.changed = true;
    run.renamed.push(source);
    return value;
  };
  return {
    kind: "leaf",
    create: (place, run) => move(place, run, undefined),
    change: (value, place, run) => move(place, run, value),
  };
}

function isPrefix(start: readonly string[], whole: readonly string[]): boolean {
  return start.length <= whole.length && start.every((part, index) => part === whole[index]);
}

/** The value to move, undefined where there is none. */
function findSource(source: readonly string[], run: Run): Value | undefined {
  let value: Value | undefined = run.root;
  let arrayName: string | undefined;
  for (let index = 0; index < source.length; index += 1) {
    const part = source[index] as string;
    const parent: Value = value;
    value = partOf(parent, part);
    if (value === undefined) {
      checkSourceViable(source, index, parent);
      return undefined;
    }
    if (isArray(parent)) arrayName = source[index - 1];
  }
  if (arrayName !== undefined)
    throw badValue(
      `The source field cannot be an array element, '${source.join(".")}' in doc with ${describeId(run)} has an array field called '${arrayName}'`,
    );
  return value;
}

function partOf(value: Value, part: string): Value | undefined {
  if (value instanceof Doc) return value.get(part);
  const index = isArray(value) ? indexOfPart(part) : undefined;
  return index === undefined ? undefined : (value as readonly Value[])[index];
}

/** A source below a scalar is refused, though there is nothing to move. */
function checkSourceViable(source: readonly string[], index: number, parent: Value): void {
  if (parent instanceof Doc) return;
  const part = source[index] as string;
  if (isArray(parent) && indexOfPart(part) !== undefined) return;
  const name = source[index - 1] as string;
  throw new MongoError(
    28,
    `cannot use the part (${name} of ${source.join(".")}) to traverse the element ({${printField(name, parent)}})`,
  );
}

function checkTarget(place: Place, run: Run): void {
  for (let each: Place | undefined = place; each !== undefined; each = each.parent)
    if (each.inArray)
      throw badValue(
        `The destination field cannot be an array element, '${pathOf(place)}' in doc with ${describeId(run)} has an array field called '${each.parent?.name}'`,
      );
}

/** The document without the fields at some plain paths; what is on the way there are documents. */
export function removePaths(doc: Doc, paths: readonly (readonly string[])[], from = 0): Doc {
  const byName = new Map<string, (readonly string[])[]>();
  for (const path of paths) {
    const name = path[from] as string;
    const same = byName.get(name);
    if (same === undefined) byName.set(name, [path]);
    else same.push(path);
  }
  const fields: [string, Value][] = [];
  for (const [name, value] of doc.entries()) {
    const below = byName.get(name);
    if (below === undefined) fields.push([name, value]);
    // Paths do not meet: one that ends here is the only one.
    else if (below[0]?.length !== from + 1 && value instanceof Doc)
      fields.push([name, removePaths(value, below, from + 1)]);
  }
  return Doc.fromEntries(fields);
}
