/** A collection whose source would run code in a filter or a pipeline, for users, who may send none. */
import type { Collection, DataSource } from "../sources/source.ts";
import { isArray, type Value } from "../bson/value.ts";
import type { Doc } from "../bson/doc.ts";
import { mustHoldNoCode } from "./refused-operators.ts";

export function withoutCode(
  raw: Collection,
  { runsCode }: Pick<DataSource, "runsCode">,
): Collection {
  if (runsCode !== true) return raw;
  return {
    ...raw,
    find(filter, options) {
      mustHoldNoCode(filter, options?.projection);
      return raw.find(filter, options);
    },
    async findOne(filter, options) {
      mustHoldNoCode(filter, options?.projection);
      return raw.findOne(filter, options);
    },
    aggregate(pipeline, options) {
      mustHoldNoCode(pipeline, options?.let);
      return raw.aggregate(pipeline, options);
    },
    async countDocuments(filter, options) {
      mustHoldNoCode(filter);
      return raw.countDocuments(filter, options);
    },
    async distinct(field, filter, options) {
      mustHoldNoCode(filter);
      return raw.distinct(field, filter, options);
    },
    async updateOne(filter, update, options) {
      mustHoldNoCode(filter, stagesOf(update), options?.arrayFilters, options?.let);
      return raw.updateOne(filter, update, options);
    },
    async updateMany(filter, update, options) {
      mustHoldNoCode(filter, stagesOf(update), options?.arrayFilters, options?.let);
      return raw.updateMany(filter, update, options);
    },
    async replaceOne(filter, replacement, options) {
      mustHoldNoCode(filter, options?.let);
      return raw.replaceOne(filter, replacement, options);
    },
    async deleteOne(filter, options) {
      mustHoldNoCode(filter, options?.let);
      return raw.deleteOne(filter, options);
    },
    async deleteMany(filter, options) {
      mustHoldNoCode(filter, options?.let);
      return raw.deleteMany(filter, options);
    },
    async findOneAndUpdate(filter, update, options) {
      mustHoldNoCode(filter, stagesOf(update), options?.arrayFilters, options?.projection);
      return raw.findOneAndUpdate(filter, update, options);
    },
    async findOneAndReplace(filter, replacement, options) {
      mustHoldNoCode(filter, options?.projection, options?.let);
      return raw.findOneAndReplace(filter, replacement, options);
    },
    async findOneAndDelete(filter, options) {
      mustHoldNoCode(filter, options?.projection, options?.let);
      return raw.findOneAndDelete(filter, options);
    },
    async bulkWrite(operations, options) {
      for (const each of operations)
        for (const given of Object.values(each)) mustHoldNoCodeIn(given);
      return raw.bulkWrite(operations, options);
    },
    async watch(pipeline, options) {
      mustHoldNoCode(pipeline);
      return raw.watch(pipeline, options);
    },
  };
}

/** An operation of a bulk write. */
function mustHoldNoCodeIn(given: {
  readonly filter?: Doc;
  readonly update?: Doc | readonly Value[];
  readonly arrayFilters?: readonly Doc[];
}): void {
  mustHoldNoCode(given.filter, stagesOf(given.update), given.arrayFilters);
}

/** Operators only set values; stages evaluate expressions. */
function stagesOf(update: Doc | readonly Value[] | undefined): readonly Value[] | undefined {
  return isArray(update) ? update : undefined;
}
