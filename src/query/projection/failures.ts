/** The constant parts of a projection that can only fail. */
import type { MongoError } from "../../kit/mongo-error.ts";

export interface Failures {
  /** @param depth how many names the path has that the part is computed for */
  note(failure: MongoError | undefined, depth: number): void;
  /** The one that is told: the server optimizes each level before what lies below it. */
  first(): MongoError | undefined;
}

export function createFailures(): Failures {
  let found: { readonly failure: MongoError; readonly depth: number } | undefined;
  return {
    note(failure, depth): void {
      if (failure !== undefined && (found === undefined || depth < found.depth))
        found = { failure, depth };
    },
    first: () => found?.failure,
  };
}
