/** One pooled client of a MongoDB, and commands as documents through it. */
import type { ClientSession } from "mongodb";
import { Doc } from "../../bson/doc.ts";
import type { Value } from "../../bson/value.ts";
import { msLeft } from "../../kit/deadline.ts";
import type { Command, CommandKind } from "./command.ts";
import type { Driver, DriverClient } from "./driver.ts";
import type { ConnectionCounts } from "./pool-counts.ts";
import { abortReason, toFailure, unavailableFault } from "./failure.ts";

export type Fields = readonly (readonly [string, Value | undefined])[];

export interface Call {
  readonly kind: CommandKind;
  readonly database: string;
  readonly name: string;
  readonly target: string | number | bigint | Doc;
  /** Fields with an undefined value are left out. */
  readonly fields: Fields;
  readonly sequence?: Command["sequence"];
  readonly signal?: AbortSignal | undefined;
  readonly session?: ClientSession | undefined;
  readonly server?: object | undefined;
}

export interface Answer {
  readonly reply: Doc;
  readonly server: object | undefined;
}

export interface Link {
  /**
   * Sends a command and gives the reply.
   *
   * @throws {MongoError} with the server's code and wording
   * @throws {Fault} `ServiceUnavailable` when no server can be reached
   */
  call(call: Call): Promise<Answer>;
  startSession(): ClientSession;
  counts(): ConnectionCounts;
  /** What a failure of the driver itself, as of a commit, is to the callers of a data source. */
  toFailure(error: unknown): unknown;
  close(): Promise<void>;
}

/** Connects on the first call, and again on the next as long as that fails. */
export function createLink(driver: Driver, driverClient: DriverClient, source: string): Link {
  const { client } = driverClient;
  let isReady = false;
  let isClosed = false;
  // The driver's client is of no more use once its first connection has failed, unless it is told to connect again.
  const connect = async (): Promise<void> => {
    await client.connect();
    isReady = true;
  };
  return {
    toFailure: (error) => toFailure(error, driver, source, undefined),
    counts: () => driverClient.counts(),
    startSession: () => client.startSession({ causalConsistency: false }),
    async call(call): Promise<Answer> {
      const { signal } = call;
      if (signal?.aborted === true) throw abortReason(signal);
      if (isClosed) throw unavailableFault(source);
      const command = toCommand(call);
      try {
        if (!isReady) await untilAborted(connect(), signal);
        const { document, server } = await driverClient.run(command);
        return { reply: document, server };
      } catch (error) {
        throw toFailure(error, driver, source, isReady ? command.signal : signal);
      }
    },
    async close(): Promise<void> {
      isClosed = true;
      await driverClient.close();
    },
  };
}

/** While a connection is made nothing has been sent yet: whoever does not wait any more may go, with a write too. */
async function untilAborted(work: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      reject(signal.reason as Error);
    };
    signal.addEventListener("abort", leave, { once: true });
    work.then(resolve, reject).finally(() => {
      signal.removeEventListener("abort", leave);
    });
  });
}

function toCommand(call: Call): Command {
  const { kind, name, target, fields, signal, ...rest } = call;
  const isWrite = kind === "write" || kind === "retryableWrite";
  const present = fields.filter(
    (field): field is readonly [string, Value] => field[1] !== undefined,
  );
  // The rest of a cursor is bound by its first command.
  const maxTimeMs = kind === "next" ? undefined : msLeft(signal);
  if (maxTimeMs !== undefined) present.push(["maxTimeMS", maxTimeMs]);
  // The driver's form of a command can not hold a document of ours, so then all of it is body.
  if (target instanceof Doc) present.unshift([name, target]);
  const document = Doc.fromEntries(present).toBytes();
  return {
    ...rest,
    kind,
    name,
    target: target instanceof Doc ? undefined : target,
    body: document.subarray(4, -1),
    // A write that has begun is not torn off: nobody would know whether it happened.
    signal: isWrite ? undefined : signal,
  };
}
