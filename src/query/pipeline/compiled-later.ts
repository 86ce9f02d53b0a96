import { MongoError } from "../../kit/mongo-error.ts";
import type { Stages } from "./stage.ts";

/** Compiles a sub-pipeline; of what is wrong with it, the server finds some out only when it first runs it. */
export function compiledLater(
  compile: () => Stages,
  isLate: (failure: MongoError) => boolean,
): Stages {
  try {
    return compile();
  } catch (cause) {
    if (!(cause instanceof MongoError) || !isLate(cause)) throw cause;
    const fail = (): never => {
      throw cause;
    };
    return { stages: [], reads: [], isLead: true, run: fail, runOn: fail };
  }
}
