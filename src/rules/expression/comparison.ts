/** The operators that compare a field, and how what they compare it with is read. */

/**
 * `operand`: expansions, calls and literals. `operators`: a document of further operators may stand in it.
 *
 * The first ten are the original's. Atlas: the others are those of MongoDB's filters, which the original's list does not
 * have; the same rule in a filter would be understood.
 */
export const comparisons: ReadonlyMap<string, "operand" | "operators"> = new Map([
  ["$exists", "operand"],
  ["$eq", "operand"],
  ["$ne", "operand"],
  ["$in", "operand"],
  ["$nin", "operand"],
  ["$gt", "operand"],
  ["$gte", "operand"],
  ["$lt", "operand"],
  ["$lte", "operand"],
  ["$all", "operand"],
  ["$size", "operand"],
  ["$type", "operand"],
  ["$mod", "operand"],
  ["$regex", "operand"],
  ["$elemMatch", "operators"],
]);

/** `%in` is `$in` by another name; what is no operator stays as it is. */
export function normalize(key: string): string {
  return key.startsWith("%") && !key.startsWith("%%") ? `$${key.slice(1)}` : key;
}
