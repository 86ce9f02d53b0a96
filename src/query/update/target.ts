/** One level of a document while an update changes its parts: the level is copied when the first one changes. */
import { Doc } from "../../bson/doc.ts";
import { isArray, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { indexOfPart } from "./path.ts";
import { elementName, type Place, type Run, stepInto } from "./place.ts";
import { spendSize } from "./size.ts";
import { type Changes, splice } from "./splice.ts";

/** One level of a document while its parts change. */
export interface Target {
  get(name: string): Value | undefined;
  /** The place of a part, with what stands in its way if it can not be created. */
  placeOf(name: string, isMissing: boolean): Place;
  set(name: string, value: Value): void;
  remove(name: string): void;
  finish(): Value | undefined;
  /** The level as it now stands, for messages. */
  now(): Value | undefined;
  /** False while nothing of the level exists. */
  isThere(): boolean;
}

/** @param place undefined for the document itself */
export function createTarget(value: Value | undefined, place: Place | undefined, run: Run): Target {
  if (value === undefined) return docTarget(Doc.empty, place, run, true);
  if (isArray(value)) return arrayTarget(value, place as Place, run);
  if (typeof value === "object" && value !== null && value.bsonType === 3)
    return docTarget(value, place, run, false);
  return scalarTarget(value, place as Place);
}

/** @param isNew nothing is there yet: the level comes into being with its first part */
function docTarget(doc: Doc, place: Place | undefined, run: Run, isNew: boolean): Target {
  const replaced = new Map<number, Value | undefined>();
  const addedKeys: string[] = [];
  const addedValues: Value[] = [];
  const isTouched = (): boolean => replaced.size > 0 || addedKeys.length > 0;
  const now = (): Value | undefined => {
    if (!isTouched()) return isNew ? undefined : doc;
    const changes = { replaced, addedKeys, addedValues };
    return doc.source === undefined ? rebuild(doc, changes) : splice(doc, doc.source, changes);
  };
  return {
    get(name) {
      // Each name of a level is looked at once, before it may change.
      const index = doc.indexOf(name);
      return index < 0 ? undefined : doc.valueAt(index);
    },
    placeOf: (name) => stepInto(place, name, false),
    set(name, value) {
      const index = doc.indexOf(name);
      if (index >= 0) replaced.set(index, value);
      else {
        spendSize(run, name.length + 2);
        addedKeys.push(name);
        addedValues.push(value);
      }
    },
    remove(name) {
      replaced.set(doc.indexOf(name), undefined);
    },
    finish: now,
    now,
    // No getter: in an object literal it would be a new hidden class for every update.
    isThere: () => isTouched() || !isNew,
  };
}

function rebuild(doc: Doc, { replaced, addedKeys, addedValues }: Changes): Doc {
  const keys: string[] = [];
  const values: Value[] = [];
  const names = doc.keys();
  for (let index = 0; index < names.length; index += 1) {
    const value = replaced.has(index) ? replaced.get(index) : doc.valueAt(index);
    if (value === undefined) continue;
    keys.push(names[index] as string);
    values.push(value);
  }
  return Doc.fromParts([...keys, ...addedKeys], [...values, ...addedValues]);
}

/** What an element that is null takes, at least. */
const nullBytes = 3;
/** Elements that may be filled with null in front of a new one. */
const backfillMax = 1_500_000;

function arrayTarget(array: readonly Value[], place: Place, run: Run): Target {
  let items: Value[] | undefined;
  const now = (): readonly Value[] => items ?? array;
  return {
    get(name) {
      const index = indexOfPart(name);
      return index === undefined ? undefined : now()[index];
    },
    placeOf(name, isMissing) {
      const isIndex = !isMissing || indexOfPart(name) !== undefined;
      return stepInto(
        place,
        name,
        true,
        isIndex ? undefined : { part: name, name: elementName(place), value: now() },
      );
    },
    set(name, value) {
      items ??= [...array];
      const index = indexOfPart(name) as number;
      if (index - items.length > backfillMax)
        throw new MongoError(34, `can't backfill more than ${backfillMax} elements`);
      spendSize(run, Math.max(index - items.length, 0) * nullBytes);
      while (items.length < index) items.push(null);
      items[index] = value;
    },
    // An element is never taken out by its path: `$unset` leaves null.
    remove(name) {
      items ??= [...array];
      items[indexOfPart(name) as number] = null;
    },
    finish: now,
    now,
    isThere: () => true,
  };
}

function scalarTarget(value: Value, place: Place): Target {
  return {
    get: () => undefined,
    placeOf: (name) =>
      stepInto(place, name, false, { part: name, name: elementName(place), value }),
    set() {
      throw new TypeError("nothing can be below a scalar");
    },
    remove() {
      throw new TypeError("nothing can be below a scalar");
    },
    finish: () => value,
    now: () => value,
    isThere: () => true,
  };
}
