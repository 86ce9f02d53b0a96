/** What is wrong, or worth knowing, about an app's directory. */

export interface Problem {
  /** Below the app's directory, with `/`; empty for the directory as a whole. */
  readonly file: string;
  /** The place within a JSON file: `[2].config.clusterName`; empty for the file as a whole. */
  readonly path: string;
  /** From 1; absent where there is no text to point at. */
  readonly line?: number;
  readonly column?: number;
  /** A sentence without its end. Holds no secret. */
  readonly message: string;
  /** What should stand there, and what does; absent for what is only worth knowing. */
  readonly expected?: string;
  readonly found?: string;
}

/** On one line: `functions/config.json:3:9 [0].name: expected …, found …`. */
export function formatProblem(problem: Problem): string {
  const { file, path, line, column, message } = problem;
  const place = line === undefined ? file : `${file}:${line}:${column ?? 1}`;
  return [`${place}${path === "" ? "" : ` ${path}`}`, message]
    .filter((part) => part !== "")
    .join(": ");
}
