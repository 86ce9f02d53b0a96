/** What the commands say and ask. */
import { createInterface } from "node:readline/promises";
import { formatProblem } from "../config/app-problem.ts";
import { loadAppDirectory } from "../config/load-app-directory.ts";
import { Fault } from "../kit/fault.ts";
import { type AppDesk, type AppPlace, openAppDesk } from "./app-desk.ts";

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** @throws {Fault} `InvalidParameter` where there is nobody to ask */
export async function isSure(
  flags: { readonly yes?: boolean },
  question: string,
): Promise<boolean> {
  if (flags.yes === true) return true;
  if (!process.stdin.isTTY)
    throw new Fault("InvalidParameter", "nobody to ask: agree with --yes, or look with --dry-run");
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(?:es)?$/i.test((await lines.question(`${question} [y/N] `)).trim());
  } finally {
    lines.close();
  }
}

/** @throws {Fault} `BadRequest` when the directory has problems; they are said */
export async function loadFiles(directory: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const { files, problems } = await loadAppDirectory(directory);
  mustBeWell(directory, problems.map(formatProblem), { areNew: true });
  return files;
}

/** @throws {Fault} `BadRequest` when there are problems; they are said */
export function mustBeWell(
  directory: string,
  problems: readonly string[],
  options: { readonly areNew?: boolean } = {},
): void {
  if (problems.length === 0) return;
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  const words = problems.length === 1 ? "a problem" : `${problems.length} problems`;
  const end = options.areNew === true ? "" : "; what is live stays";
  throw new Fault("BadRequest", `${directory} has ${words}${end}`);
}

export async function atDesk(
  place: AppPlace,
  work: (desk: AppDesk) => Promise<void>,
): Promise<void> {
  const desk = await openAppDesk(place);
  try {
    await work(desk);
  } finally {
    await desk.close();
  }
}
