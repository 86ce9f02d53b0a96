/** How long one evaluation may hold its thread, and what is thrown when it would take longer. */
import { MongoError } from "../kit/mongo-error.ts";

/** Whoever can have the work done elsewhere does so; to everybody else it is the server's error. */
export class LongEvaluation extends MongoError {
  constructor() {
    super(50, "operation exceeded time limit");
  }
}

/** In milliseconds: short, since an evaluation does not share the event loop. */
let evaluationMsMax = 30;

export function isTooLong(ms: number): boolean {
  return ms > evaluationMsMax;
}

/** For a thread on which nobody else waits. */
export function allowLongEvaluations(msMax: number): void {
  evaluationMsMax = msMax;
}
