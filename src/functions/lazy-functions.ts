/** Functions of a server: nothing of them is loaded before the first call. */
import type { Functions } from "./function-call.ts";
import type { FunctionsOptions } from "./functions-core.ts";

export function createFunctions(options: () => FunctionsOptions): Functions {
  let opened: Promise<Functions> | undefined;
  let ready: Functions | undefined;
  async function open(): Promise<Functions> {
    const { openFunctions } = await import("./functions.ts");
    ready = openFunctions(options());
    return ready;
  }
  return {
    // Not `async`: each promise between a request and its function costs it a turn.
    // oxlint-disable-next-line typescript/promise-function-async
    run(call) {
      if (ready !== undefined) return ready.run(call);
      opened ??= open();
      return opened.then(async (functions) => functions.run(call));
    },
    figures: () => ready?.figures?.() ?? [],
    async close() {
      if (opened !== undefined) await (await opened).close();
    },
  };
}
