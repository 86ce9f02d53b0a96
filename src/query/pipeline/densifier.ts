/**
 * `$densify` at work: takes documents in order, and gives them back with those that are missing between them.
 *
 * Where values do not lie on the steps, what the server gives depends on what it remembers from one document to the
 * next; the same is remembered here.
 *
 * Atlas: with steps such as 0.1, MongoDB does not find the values of a range that it made up itself on the steps, and
 * makes them again and again until it fails. Here they are on the steps by the way that they are made.
 */
import { compare, identityOf } from "../../bson/compare.ts";
import { Doc } from "../../bson/doc.ts";
import { isArray } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { isNullish } from "../truth.ts";
import { weightOf } from "../weight.ts";
import type { Densify, DensifyRange } from "./densify-options.ts";
import type { DensifyValue } from "./densify-step.ts";
import { getNested, setNested } from "./nested.ts";

export interface Densifier {
  /** The document, after those that are made up before it. */
  take(doc: Doc): Iterable<Doc>;
  /** Those that are made up after the last document. */
  finish(): Iterable<Doc>;
}

/** The server's default for `internalQueryMaxAllowedDensifyDocs`. */
const generatedMax = 500_000;

/** A partition, by the fields that tell it. */
interface Key {
  readonly identity: string | number;
  readonly fields: Doc;
}

interface Seen {
  readonly fields: Doc;
  /** The last value on the steps. */
  value: DensifyValue;
}

/** What is made up: from `from` on to before `to`, but one at least. */
interface Gap {
  readonly from: DensifyValue;
  readonly to: DensifyValue;
  readonly fields: Doc;
}

/** @param partitionOf undefined where there are no partitions */
export function createDensifier(
  { path, step, bounds }: Densify,
  partitionOf: ((doc: Doc) => Doc) | undefined,
  hold: (bytes: number) => void,
): Densifier {
  /** `before`: no value seen that is in the range; `done`: what comes is past it. */
  let state: "before" | "within" | "done" = "before";
  /** The last value on the steps. */
  let current: DensifyValue | undefined;
  let least: DensifyValue | undefined;
  let greatest: DensifyValue | undefined;
  /** Made at the first document that has a value. */
  let partitions: Map<string | number, Seen> | undefined;
  let generated = 0;
  const range = typeof bounds === "object" ? bounds : undefined;

  function next(): DensifyValue {
    return step.next(current as DensifyValue);
  }

  function keyOf(doc: Doc): Key | undefined {
    if (partitionOf === undefined) return undefined;
    const fields = partitionOf(doc);
    return { fields, identity: identityOf(fields) };
  }

  function remember(key: Key | undefined, value: DensifyValue): void {
    if (partitions === undefined || key === undefined) return;
    const seen = partitions.get(key.identity);
    if (seen !== undefined) seen.value = value;
    else {
      hold(weightOf(key.fields) + 64);
      partitions.set(key.identity, { fields: key.fields, value });
    }
  }

  function* generate({ from, to, fields }: Gap): Iterable<DensifyValue> {
    mustTake(fields, path);
    let value = from;
    do {
      generated += 1;
      yield value;
      value = step.next(value);
    } while (compare(value, to) < 0);
  }

  function* react(doc: Doc): Iterable<Doc> {
    const found = state === "done" ? undefined : getNested(doc, path);
    if (isNullish(found)) {
      yield doc;
      return;
    }
    const value = step.check(found);
    const key = keyOf(doc);
    if (state === "before") yield* begin(doc, value, key);
    else yield* goOn(doc, value, key);
  }

  function* begin(doc: Doc, value: DensifyValue, key: Key | undefined): Iterable<Doc> {
    if (partitions === undefined && key !== undefined) {
      partitions = new Map();
      remember(key, value);
    }
    if (range !== undefined) {
      yield* enterRange(doc, value, key, range);
      return;
    }
    if (bounds === "full") current = least = greatest = value;
    state = "within";
    yield doc;
  }

  function* goOn(doc: Doc, value: DensifyValue, key: Key | undefined): Iterable<Doc> {
    const seen = key === undefined ? undefined : partitions?.get(key.identity);
    if (seen !== undefined) current = seen.value;
    const isNew = key !== undefined && seen === undefined;
    if (bounds === "full") greatest = value;
    if (isNew) remember(key, value);
    if (range !== undefined) {
      if (isNew) current = undefined;
      yield* isNew ? enterRange(doc, value, key, range) : stayInRange(doc, value, key, range);
      return;
    }
    if (isNew && bounds === "partition") {
      yield doc;
      return;
    }
    if (isNew) current = step.previous(least as DensifyValue);
    yield* fillUp(doc, value, key);
  }

  /** Up to a document, where only the documents bound the range. */
  function* fillUp(doc: Doc, value: DensifyValue, key: Key | undefined): Iterable<Doc> {
    const from = next();
    if (compare(value, from) > 0) {
      const fields = key?.fields ?? Doc.empty;
      for (const each of generate({ from, to: value, fields })) {
        current = each;
        remember(key, each);
        yield setNested(fields, path, each);
      }
    }
    if (compare(value, next()) === 0) {
      current = value;
      remember(key, value);
    }
    yield doc;
  }

  function* enterRange(
    doc: Doc,
    value: DensifyValue,
    key: Key | undefined,
    within: DensifyRange,
  ): Iterable<Doc> {
    current ??= step.previous(within.from);
    const place = compare(value, within.from);
    if (place > 0) {
      yield* fillRange(doc, value, key, within);
      return;
    }
    if (place === 0) current = value;
    state = place === 0 ? "within" : "before";
    yield doc;
  }

  function* stayInRange(
    doc: Doc,
    value: DensifyValue,
    key: Key | undefined,
    within: DensifyRange,
  ): Iterable<Doc> {
    const place = compare(value, within.from);
    if (place <= 0) {
      remember(key, value);
      if (place < 0) state = "before";
      else current = value;
      yield doc;
      return;
    }
    const from = next();
    if (compare(value, within.to) < 0) {
      if (compare(value, from) > 0) {
        yield* fillRange(doc, value, key, within);
        return;
      }
      if (compare(value, from) === 0) {
        current = value;
        remember(key, value);
      }
    } else if (compare(from, within.to) < 0) {
      yield* fillRange(doc, value, key, within);
      return;
    } else {
      current = from;
      remember(key, value);
      if (partitions === undefined) state = "done";
    }
    yield doc;
  }

  /** Up to a document, or to the end of the range where it lies beyond. */
  function* fillRange(
    doc: Doc,
    value: DensifyValue,
    key: Key | undefined,
    within: DensifyRange,
  ): Iterable<Doc> {
    const from = next();
    if (compare(value, from) === 0) {
      current = from;
      remember(key, value);
      yield doc;
      return;
    }
    const fields = key?.fields ?? Doc.empty;
    const to = compare(value, within.to) < 0 ? value : within.to;
    for (const each of generate({ from, to, fields })) {
      reach(key, each);
      yield setNested(fields, path, each);
    }
    if (step.isOnStep(value, current as DensifyValue)) reach(key, value);
    const isPast = partitions === undefined && compare(current as DensifyValue, within.to) >= 0;
    state = isPast ? "done" : "within";
    yield doc;
  }

  function reach(key: Key | undefined, value: DensifyValue): void {
    current = value;
    remember(key, value);
  }

  function* finishPartitions(all: Map<string | number, Seen>): Iterable<Doc> {
    const to = range?.to ?? endOfAll();
    for (const { fields, value } of all.values()) {
      let from = step.next(value);
      if (compare(from, to) >= 0) continue;
      if (range !== undefined && compare(from, range.from) < 0) from = range.from;
      for (const each of generate({ from, to, fields })) yield setNested(fields, path, each);
    }
  }

  function endOfAll(): DensifyValue {
    const end = greatest as DensifyValue;
    return step.isOnStep(end, current as DensifyValue) ? step.next(end) : end;
  }

  function* finishRange({ from, to }: DensifyRange): Iterable<Doc> {
    const start = current === undefined ? from : next();
    if (current !== undefined && compare(start, to) >= 0) return;
    for (const each of generate({ from: start, to, fields: Doc.empty }))
      yield setNested(Doc.empty, path, each);
  }

  function* end(): Iterable<Doc> {
    if (bounds === "partition" || state === "done") return;
    if (partitions !== undefined) yield* finishPartitions(partitions);
    else if (range !== undefined) yield* finishRange(range);
  }

  function* bounded(documents: Iterable<Doc>): Iterable<Doc> {
    for (const doc of documents) {
      const before = generated - 1;
      if (before > generatedMax) refuse(before);
      yield doc;
    }
  }

  return {
    take: (doc) => bounded(react(doc)),
    *finish(): Iterable<Doc> {
      yield* bounded(end());
      if (generated > generatedMax) refuse(generated);
    },
  };
}

function refuse(generated: number): never {
  throw new MongoError(
    5_897_900,
    `Generated ${generated} documents in $densify, which is over the limit of ${generatedMax}. Increase the 'internalQueryMaxAllowedDensifyDocs' parameter to allow more generated documents`,
  );
}

/** @throws {MongoError} when the fields of the partition are in the way of the value */
function mustTake(fields: Doc, path: readonly string[]): void {
  if (getNested(fields, path) !== undefined)
    throw new MongoError(5_733_306, "DocGenerator cannot include field that is being densified");
  let inner = fields;
  for (const [index, name] of path.entries()) {
    const value = inner.get(name);
    if (isArray(value))
      throw new MongoError(5_733_307, "$densify cannot generate fields nested inside arrays");
    if (value instanceof Doc) {
      inner = value;
      continue;
    }
    if (index < path.length - 1 && value !== undefined)
      throw new MongoError(5_733_308, "$densify cannot overwrite non-object values with objects");
    return;
  }
}
