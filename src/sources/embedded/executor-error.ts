/** How the server words what goes wrong while a command runs, as opposed to what is wrong with the command. */
import { MongoError } from "../../kit/mongo-error.ts";
import { PlanFailure } from "../../query/plan-failure.ts";

const prefixes = {
  find: "Executor error during find command",
  distinct: "Executor error during distinct command",
  // Drivers count by a pipeline.
  count: "PlanExecutor error during aggregation",
  findAndModify: "Plan executor error during findAndModify",
} as const;

export type Command = keyof typeof prefixes;

const maxTimeExpired = 50;

/** The failure as the command's reply words it; what is no failure of a query stays as it is. */
export function asExecutorError(cause: unknown, command: Command): unknown {
  if (!(cause instanceof MongoError) || cause.code === maxTimeExpired) return cause;
  if (cause instanceof PlanFailure) return cause;
  const message = `${prefixes[command]} :: caused by :: ${cause.message}`;
  return new MongoError(cause.code, message, { cause });
}
