/** Literal undefined in pipelines. */
import { Doc } from "../../bson/doc.ts";
import { isArray, Undefined, type Value } from "../../bson/value.ts";

/** The type byte of undefined: where it is nowhere among the bytes, there is none. */
const undefinedType = 0x06;

/** A stage beyond this is data more than expressions, and is left as it came: looking through it would take its time. */
const stageBytesMax = 256 * 1024;

/**
 * A pipeline whose literal undefined are null, but for filters.
 *
 * Atlas: the drivers of the original sent it so, and the embedded store takes it so. A filter that asks for undefined is
 * an error, as it is on the server.
 */
export function withoutUndefined(pipeline: readonly Value[]): readonly Value[] {
  return pipeline.map((stage) => {
    if (!(stage instanceof Doc) || stage.keys()[0] === "$match") return stage;
    const bytes = stage.toBytes();
    const mayHold = bytes.length <= stageBytesMax && bytes.includes(undefinedType);
    return mayHold ? replaced(stage) : stage;
  });
}

/** The very value where nothing of it changes. */
function replaced(value: Value): Value {
  if (value === Undefined) return null;
  if (isArray(value)) {
    const next = value.map(replaced);
    return next.some((each, at) => each !== value[at]) ? next : value;
  }
  if (!(value instanceof Doc)) return value;
  const former = value.values();
  const next = former.map(replaced);
  if (!next.some((each, at) => each !== former[at])) return value;
  return Doc.fromParts(value.keys(), next);
}
