/** Sessions with transactions: the server keeps them, a number here stands for each. */
import type { Ask } from "./ask.ts";

const ids = new WeakMap<object, number>();

/** The number of the session among the options of an operation. */
export function sessionIdOf(options: unknown): number | undefined {
  if (typeof options !== "object" || options === null) return undefined;
  const { session } = options as { readonly session?: unknown };
  if (session === undefined || session === null) return undefined;
  const id = typeof session === "object" ? ids.get(session) : undefined;
  if (id === undefined) throw new TypeError("session must be one that client.startSession() made");
  return id;
}

/** How often the work of a transaction is done before it is given up. */
const attemptsMax = 20;

/** `WriteConflict`: somebody else wrote the same documents, so that nothing of the transaction has happened. */
function isInTheWay(cause: unknown): boolean {
  return cause instanceof Error && "code" in cause && cause.code === 112;
}

let count = 0;

export function createSession(service: string, ask: Ask): object {
  const id = (count += 1);
  const tell = async (step: string, options?: unknown): Promise<unknown> =>
    ask({ operation: "session", service, session: id, step, options });
  let isRunning = false;

  async function finish(step: "commit" | "abort"): Promise<void> {
    if (!isRunning) return;
    isRunning = false;
    await tell(step);
  }

  async function runOnce(work: (session: object) => unknown, options: unknown): Promise<unknown> {
    await tell("start", options);
    isRunning = true;
    try {
      const result = await work(session);
      await finish("commit");
      return result;
    } catch (cause) {
      await finish("abort");
      throw cause;
    }
  }

  const session = {
    async withTransaction(work: unknown, options?: unknown): Promise<unknown> {
      if (typeof work !== "function")
        throw new TypeError("withTransaction: the first argument must be a function");
      for (let attempt = 1; ; attempt += 1)
        try {
          return await runOnce(work as (session: object) => unknown, options);
        } catch (cause) {
          if (attempt >= attemptsMax || !isInTheWay(cause)) throw cause;
        }
    },
    async startTransaction(options?: unknown) {
      await tell("start", options);
      isRunning = true;
    },
    commitTransaction: async () => finish("commit"),
    abortTransaction: async () => finish("abort"),
    async endSession() {
      await finish("abort");
    },
  };
  ids.set(session, id);
  return session;
}

/** A session stays here; what it is known by goes along. */
export function withoutSession(options: unknown): unknown {
  if (typeof options !== "object" || options === null) return options;
  const { session: _session, ...others } = options as { readonly session?: unknown };
  return others;
}
