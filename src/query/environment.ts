/** What a filter, update, projection or pipeline is compiled in: one per request. */
import type { DateTime, Value } from "../bson/value.ts";
import type { CodeRunner } from "./code.ts";
import type { Collation } from "./collation.ts";
import type { MongoError } from "../kit/mongo-error.ts";

export interface QueryEnvironment {
  /** `$$NOW` and `$currentDate`: one instant for the whole request. */
  readonly now: DateTime;
  /** 0 to below 1: `$rand`, `$sampleRate`, `$sample`. */
  readonly random: () => number;
  /**
   * Variables of the command's `let`, and of an enclosing `$lookup`. Names are known when compiling, values are read
   * when evaluating: `$lookup` compiles its pipeline once and sets them per document. `undefined`: a missing value.
   */
  readonly variables: Map<string, Value | undefined>;
  /** How texts are compared; absent: by their code points. */
  readonly collation?: Collation | undefined;
  /**
   * Metadata that documents carry, for `$meta`: added to when what brings it is compiled, `sortKey` when what asks for
   * it is. Absent: none.
   */
  readonly metadata?: Set<"geoNearDistance" | "geoNearPoint" | "textScore" | "sortKey">;
  /** Where constants that can only fail are told, while a pipeline is compiled; absent: they are thrown. */
  readonly failures?: MongoError[];
  /** Set where the server evaluates expressions as they are written: in the pipelines of updates, and filters for a projection. */
  readonly isUnoptimized?: boolean;
  /** Who runs `$where`, `$function` and `$accumulator`; absent: they are refused. */
  readonly code?: CodeRunner;
}
