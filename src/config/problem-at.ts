/** Faults that later folders find in parts of an app. */
import type { Origin } from "./app-config.ts";
import { createReport, at } from "./app-directory/report.ts";
import type { Problem } from "./app-problem.ts";

/** @param steps from the part on @returns with line and column where the part was read from a file */
export function problemAt(
  origin: Origin | undefined,
  steps: readonly (string | number)[],
  message: string,
): Problem {
  if (origin === undefined) return { file: "", path: "", message };
  const report = createReport();
  report.warn(at(origin, ...steps), message);
  return report.warnings[0] as Problem;
}
