/** What a projection does to a path, and whether two go together. */
import type { Doc } from "../bson/doc.ts";
import { isTruthy } from "../query/truth.ts";

/** Whether a projection leaves a path, and all below it, as it is. What is not plain is taken for a change. */
export function projectionShows(projection: Doc, path: string): boolean {
  let isIncluded = false;
  for (const [key, value] of projection.entries()) {
    const isPlain = typeof value !== "object" || value === null || "value" in value;
    const isKept = isPlain && isTruthy(value);
    const meets = key === path || path.startsWith(`${key}.`) || key.startsWith(`${path}.`);
    if (meets && !isKept) return false;
    if (isKept && (key === path || path.startsWith(`${key}.`))) isIncluded = true;
  }
  return isIncluded || path === "_id" || path.startsWith("_id.") || !isInclusion(projection);
}

function isInclusion(projection: Doc): boolean {
  for (const [key, value] of projection.entries()) if (key !== "_id") return isTruthy(value);
  return projection.has("_id") && isTruthy(projection.get("_id"));
}
