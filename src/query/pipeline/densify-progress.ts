/** What `$densify` remembers from one document to the next, and how it makes documents up. */
import { compare } from "../../bson/compare.ts";
import { Doc } from "../../bson/doc.ts";
import { isArray } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { weightOf } from "../weight.ts";
import type { DensifyStep, DensifyValue } from "./densify-step.ts";
import { getNested, setNested } from "./nested.ts";

/** The server's default for `internalQueryMaxAllowedDensifyDocs`. */
const generatedMax = 500_000;

/** A partition, by the fields that tell it. */
export interface PartitionKey {
  readonly identity: string | number;
  readonly fields: Doc;
}

export interface SeenPartition {
  readonly fields: Doc;
  /** The last value on the steps. */
  value: DensifyValue;
}

/** A document that has a value. */
export interface Entry {
  readonly doc: Doc;
  readonly value: DensifyValue;
  /** Undefined where there are no partitions. */
  readonly key: PartitionKey | undefined;
}

export class DensifyProgress {
  /** The last value on the steps. */
  current: DensifyValue | undefined;
  /** Made at the first document that has a value. */
  partitions: Map<string | number, SeenPartition> | undefined;
  readonly #path: readonly string[];
  readonly #step: DensifyStep;
  readonly #hold: (bytes: number) => void;
  #generated = 0;

  constructor(path: readonly string[], step: DensifyStep, hold: (bytes: number) => void) {
    this.#path = path;
    this.#step = step;
    this.#hold = hold;
  }

  /** Only when there is a current value. */
  next(): DensifyValue {
    return this.#step.next(this.current as DensifyValue);
  }

  remember({ key, value }: Pick<Entry, "key" | "value">): void {
    if (this.partitions === undefined || key === undefined) return;
    const seen = this.partitions.get(key.identity);
    if (seen !== undefined) seen.value = value;
    else {
      this.#hold(weightOf(key.fields) + 64);
      this.partitions.set(key.identity, { fields: key.fields, value });
    }
  }

  reach(entry: Pick<Entry, "key" | "value">): void {
    this.current = entry.value;
    this.remember(entry);
  }

  /**
   * Makes documents up: from `from` on to before `to`, but one at least.
   *
   * @param key of the partition that they go into, which is noted with each
   * @throws {MongoError} 5733306 to 5733308 when the partition's fields are in the way of the value
   */
  *fill(from: DensifyValue, to: DensifyValue, key: PartitionKey | undefined): Iterable<Doc> {
    const fields = key?.fields ?? Doc.empty;
    for (const value of this.#values(from, to, fields)) {
      this.reach({ key, value });
      yield setNested(fields, this.#path, value);
    }
  }

  /** The same, behind all documents, where nothing needs to be noted. */
  *fillEnd(from: DensifyValue, to: DensifyValue, fields: Doc): Iterable<Doc> {
    for (const value of this.#values(from, to, fields)) yield setNested(fields, this.#path, value);
  }

  *#values(from: DensifyValue, to: DensifyValue, fields: Doc): Iterable<DensifyValue> {
    mustTake(fields, this.#path);
    let value = from;
    do {
      // The server looks before it gives the next one.
      this.mustBeBounded();
      this.#generated += 1;
      yield value;
      value = this.#step.next(value);
    } while (compare(value, to) < 0);
  }

  /** @throws {MongoError} 5897900 when too many have been made up */
  mustBeBounded(): void {
    if (this.#generated > generatedMax)
      throw new MongoError(
        5_897_900,
        `Generated ${this.#generated} documents in $densify, which is over the limit of ${generatedMax}. Increase the 'internalQueryMaxAllowedDensifyDocs' parameter to allow more generated documents`,
      );
  }
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
