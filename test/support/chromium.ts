import { accessSync, constants } from "node:fs";
import path from "node:path";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** How to have a browser for the tests that need one. */
export const chromiumMissing =
  "no chromium on PATH and PETIOLE_TEST_CHROMIUM names none; apt-get install chromium brings one";

/** The browser's program; undefined where there is none. */
export function findChromium(): string | undefined {
  const given = process.env["PETIOLE_TEST_CHROMIUM"];
  if (given !== undefined && given !== "") return given;
  for (const folder of (process.env["PATH"] ?? "").split(path.delimiter))
    for (const name of names) {
      const file = path.join(folder, name);
      if (isProgram(file)) return file;
    }
  return undefined;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
