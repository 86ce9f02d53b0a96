/** Who runs the code in queries: processes of its own for each app, started by the first query that holds code. */
import { createHeavyWork, type HeavyWork } from "../store/heavy-work.ts";
import { type CodeProcessOptions, openCodeProcess } from "./code-process.ts";

export interface CodeWorks {
  of(appId: string): HeavyWork;
  close(): Promise<void>;
}

export interface CodeWorksOptions extends CodeProcessOptions {
  /** Processes of one app. */
  readonly processesMax: number;
}

export function createCodeWorks(options: CodeWorksOptions): CodeWorks {
  const works = new Map<string, HeavyWork>();
  return {
    of(appId) {
      const known = works.get(appId);
      if (known !== undefined) return known;
      const made = createHeavyWork({
        open: () => openCodeProcess(options),
        workersMax: options.processesMax,
      });
      works.set(appId, made);
      return made;
    },
    async close() {
      await Promise.all([...works.values()].map(async (each) => each.close()));
    },
  };
}
