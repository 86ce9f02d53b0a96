/** A sound app directory with something put into it, and what the reader says of it. */
import { readAppDirectory } from "../../src/config/app-directory.ts";
import { formatProblem } from "../../src/config/app-problem.ts";
import { type Sample, sampleWith, toFiles, v20210101 } from "./app-samples.ts";

/** Files in place of others; undefined takes one away, `LATIN1` stands for bytes that are no UTF-8. */
export type Changes = Readonly<Record<string, string | object | null | undefined>>;

export type Breaking = readonly [title: string, changes: Changes, message: string, sample?: Sample];

export interface Findings {
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

export function findProblems(changes: Changes, sample: Sample = v20210101): Findings {
  const files = toFiles(sampleWith(sample, changes));
  for (const [path, content] of Object.entries(changes))
    if (content === "LATIN1") files.set(path, Buffer.from([0x22, 0xe4, 0x22]));
  const { problems, warnings } = readAppDirectory(files);
  return { problems: problems.map(formatProblem), warnings: warnings.map(formatProblem) };
}
