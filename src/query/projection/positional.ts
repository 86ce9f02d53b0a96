/** The positional `a.$`: of the first array on the path, the element that the filter matched. */
import { Doc } from "../../bson/doc.ts";
import { BsonSymbol, isArray, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";

/** What an inclusion leaves in arrays where an element is gone, until `cutToPosition` has counted. */
export const hole: Value = new BsonSymbol("hole");

/**
 * The projected document with that array cut down to one element; itself where there is no array.
 *
 * @param doc projected, with holes
 * @param position index of the element that the filter matched
 * @throws {MongoError} 51246 when it matched none, 51247 when this array has no such element
 */
export function cutToPosition(
  doc: Doc,
  path: readonly string[],
  position: number | undefined,
): Doc {
  let level = doc;
  for (let index = 0; index < path.length; index += 1) {
    const value = level.get(path[index] as string);
    if (isArray(value))
      return withoutHoles(
        setAtPath(doc, path.slice(0, index + 1), [elementAt(value, position)]),
      ) as Doc;
    // A part that leads nowhere is passed over: the next one is looked up at the same level, as on the server.
    if (value instanceof Doc) level = value;
  }
  return withoutHoles(doc) as Doc;
}

function elementAt(array: readonly Value[], position: number | undefined): Value {
  if (position === undefined)
    throw new MongoError(
      51246,
      "positional operator '.$' couldn't find a matching element in the array",
    );
  const element = array[position];
  if (element === undefined || element === hole)
    throw new MongoError(51247, "positional operator '.$' element mismatch");
  return element;
}

function setAtPath(doc: Doc, path: readonly string[], value: Value): Doc {
  const [name, ...rest] = path as readonly [string, ...string[]];
  if (rest.length === 0) return doc.with(name, value);
  const child = doc.get(name);
  return doc.with(name, setAtPath(child instanceof Doc ? child : Doc.empty, rest, value));
}

function withoutHoles(value: Value): Value {
  if (isArray(value)) return value.filter((each) => each !== hole).map(withoutHoles);
  // What is still its bytes was copied whole.
  if (!(value instanceof Doc) || value.source !== undefined) return value;
  return Doc.fromParts(value.keys(), value.values().map(withoutHoles));
}
