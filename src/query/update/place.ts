/** Where in a document an update is at work, and the state of one run over one document. */
import type { Doc } from "../../bson/doc.ts";
import type { DateTime, Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { printField } from "../../bson/print.ts";

/** One step of the path that was taken, indices instead of `$`, `$[]` and `$[name]`. */
export interface Place {
  readonly parent: Place | undefined;
  readonly name: string;
  /** Number of parts: 1 for a field of the document. */
  readonly depth: number;
  /** Whether the parent is an array. */
  readonly inArray: boolean;
  /** What stands in the way: nothing can be created below it. */
  readonly blocker: Blocker | undefined;
}

export interface Blocker {
  /** The part that can not be below `value`. */
  readonly part: string;
  readonly name: string;
  readonly value: Value;
}

/** The state of one update of one document. */
export interface Run {
  readonly root: Doc;
  /** The name of the element that positional `$` stands for. */
  readonly matched: string | undefined;
  readonly isInsert: boolean;
  readonly now: DateTime;
  /** Set when an operator did something, even where the value stays equal (`$push` with `$sort`, say). */
  changed: boolean;
  /** Bytes that the update has put, at least; bounded, since one value may go to many places. */
  bytesPut: number;
  /** Paths that `$rename` takes away at the end. */
  readonly renamed: (readonly string[])[];
}

/** The name that the element itself has: its index without the zeros that a path may put in front. */
export function elementName(place: Place): string {
  return place.inArray ? place.name.replace(/^0+(?=\d)/, "") : place.name;
}

export function stepInto(
  parent: Place | undefined,
  name: string,
  inArray: boolean,
  blocker: Blocker | undefined = parent?.blocker,
): Place {
  return { parent, name, depth: (parent?.depth ?? 0) + 1, inArray, blocker };
}

export function partsOf(place: Place): string[] {
  const parts: string[] = [];
  for (let each: Place | undefined = place; each !== undefined; each = each.parent)
    parts.push(each.name);
  return parts.toReversed();
}

export function pathOf(place: Place): string {
  return partsOf(place).join(".");
}

/** `_id: 1`, which messages name a document by. */
export function describeId(run: Run): string {
  const id = run.root.get("_id");
  return id === undefined ? "no id" : printField("_id", id);
}

/** @throws {MongoError} 28 when something that is no object (or no such index) stands in the way */
export function checkCreatable(place: Place): void {
  if (place.blocker === undefined) return;
  const { part, name, value } = place.blocker;
  throw new MongoError(28, `Cannot create field '${part}' in element {${printField(name, value)}}`);
}

/** As `checkCreatable`, in the words of operators that create nothing anyway. @throws {MongoError} 28 */
export function checkTraversable(place: Place): void {
  if (place.blocker === undefined) return;
  const { part, name, value } = place.blocker;
  throw new MongoError(
    28,
    `Cannot use the part (${part}) of (${pathOf(place)}) to traverse the element ({${printField(name, value)}})`,
  );
}
