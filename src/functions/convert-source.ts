/** TypeScript and ES modules, as the scripts that hosts compile. */
import type { TransformFailure } from "esbuild";
import type { Failure } from "./script-failure.ts";

export type Converted =
  | { readonly kind: "script"; readonly script: string }
  | { readonly kind: "broken"; readonly problem: Failure; readonly isModule: boolean };

const moduleWord = /^[ \t]*(?:import\b(?!\s*\()|export\b(?!s))/m;

/**
 * Takes types off, and makes `import` and `export` what they are in a script. Types are not checked.
 *
 * @param source one that is no script
 */
export async function convertSource(source: string): Promise<Converted> {
  const isModule = moduleWord.test(source);
  try {
    const { code } = await transform(source, isModule);
    return { kind: "script", script: code };
  } catch (cause) {
    return { kind: "broken", problem: toFailure(cause), isModule };
  }
}

let running = 0;
let stopping: NodeJS.Timeout | undefined;

/** The compiler is a process of its own, which ends when nobody has needed it for so long. */
const idleMs = 5000;

async function transform(source: string, isModule: boolean): Promise<{ readonly code: string }> {
  const esbuild = await import("esbuild");
  clearTimeout(stopping);
  running += 1;
  try {
    return await esbuild.transform(source, {
      loader: "ts",
      ...(isModule ? { format: "cjs" } : {}),
      target: "es2023",
      charset: "utf8",
      sourcefile: "source.ts",
      logLevel: "silent",
      // Not what some directory above says.
      tsconfigRaw: {},
    });
  } finally {
    running -= 1;
    if (running === 0) {
      stopping = setTimeout(() => void esbuild.stop(), idleMs);
      stopping.unref();
    }
  }
}

function toFailure(cause: unknown): Failure {
  const [first] = (cause as Partial<TransformFailure>).errors ?? [];
  if (first === undefined)
    return { message: cause instanceof Error ? cause.message : String(cause), line: 1, column: 1 };
  const { text, location } = first;
  return { message: text, line: location?.line ?? 1, column: (location?.column ?? 0) + 1 };
}
