import { existsSync } from "node:fs";
import path from "node:path";
import { Fault } from "../../kit/fault.ts";
import { openEmbedded } from "../../sources/embedded.ts";

/** `petiole doctor`: prints what is wrong and fails if anything is. */
export async function doctor(data: string): Promise<void> {
  let findings = 0;
  for (const part of ["state", "store"]) {
    const directory = path.join(data, part);
    if (!existsSync(directory))
      throw new Fault("NotFound", `${data} is no data directory: it has no ${part}`);
    findings += await examine(directory, part);
  }
  process.stdout.write(`${findings === 0 ? "all well" : `${findings} problems`}\n`);
  if (findings > 0) process.exitCode = 1;
}

async function examine(directory: string, part: string): Promise<number> {
  const source = await openEmbedded(directory);
  try {
    const { collections, documents, entries, problems } = await source.examine();
    for (const problem of problems) process.stdout.write(`${part}: ${problem}\n`);
    process.stdout.write(
      `${part}: ${documents} documents, ${entries} index entries in ${collections} collections\n`,
    );
    return problems.length;
  } finally {
    await source.close();
  }
}
