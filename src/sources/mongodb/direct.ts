/**
 * The direct way to the primary: ordinary commands on connections of our own (`channel.ts`).
 *
 * The driver finds and watches the servers, connects and authenticates, and takes over whenever anything is out of the
 * ordinary: no primary, a broken connection, an election, a transaction, a read elsewhere. A read that failed is run
 * again by it; a write is sent again with the session and number of the first try, so that it happens once.
 *
 * @module
 */
import type { MongoClient, MongoError } from "mongodb";
import { Doc } from "../../bson/doc.ts";
import { openChannel } from "./channel.ts";
import { type Command, elementsOf, type Reply, toMessage } from "./command.ts";
import type { ClientInternals, Internals } from "./internals.ts";
import { createLines, type Line } from "./lines.ts";
import type { ConnectionCounts } from "./pool-counts.ts";
import { sessionElement } from "./session-elements.ts";

export interface DirectWay {
  /** Undefined where the driver is to run it. */
  run(command: Command): Promise<Reply> | undefined;
  counts(): ConnectionCounts;
  close(): Promise<void>;
}

type DirectCommand = Command & { readonly target: string };

const reauthenticationRequired = 391;
/** What a reply that nobody waits for any more may take, before its connection is given up. */
const abandonedMsMax = 10_000;
/** Mechanisms of which a connection needs nothing again once it is authenticated. */
const mechanisms: ReadonlySet<string> = new Set([
  "DEFAULT",
  "SCRAM-SHA-1",
  "SCRAM-SHA-256",
  "MONGODB-X509",
]);
const requestIdMax = 0x7fff_ffff;

/** Whether everything that the client's options ask for is known here. */
export function suitsDirectWay({ options }: ClientInternals): boolean {
  const { credentials, compressors, writeConcern } = options;
  return (
    !options.loadBalanced &&
    options.serverApi === undefined &&
    options.autoEncryption === undefined &&
    !options.monitorCommands &&
    options.timeoutMS === undefined &&
    (compressors ?? []).every((each) => each === "none") &&
    (credentials === undefined || mechanisms.has(credentials.mechanism)) &&
    writeConcern?.w !== 0
  );
}

/**
 * @param connectionsMax to the primary at once
 * @param runByDriver what the driver does with a command
 */
export function openDirectWay(
  client: MongoClient,
  internals: Internals,
  connectionsMax: number,
  runByDriver: (command: Command) => Promise<Reply>,
): DirectWay {
  const { options } = client as unknown as ClientInternals;
  const readConcern = concernElement("readConcern", { level: options.readConcern?.level });
  const writeConcern = concernElement("writeConcern", {
    w: options.writeConcern?.w,
    wtimeout: options.writeConcern?.wtimeoutMS,
    j: options.writeConcern?.journal,
  });
  const readsHere = options.readPreference.mode === "primary";
  const toError = (message: string): Error => new internals.MongoNetworkError(message);
  const lines = createLines(client, connectionsMax, {
    connect: internals.connect,
    open: (connection, onClose) => openChannel(connection, toError, onClose),
  });
  let lastRequestId = 0;

  function suits(command: Command): command is DirectCommand {
    const { kind, target, session } = command;
    if (typeof target !== "string" || session?.inTransaction() === true) return false;
    return kind === "retryableRead" ? readsHere : kind === "retryableWrite" || kind === "write";
  }

  function tailOf(command: Command, session: Uint8Array | undefined): Uint8Array[] {
    const tail: Uint8Array[] = [];
    if (session !== undefined) tail.push(session);
    if (writeConcern !== undefined && command.kind !== "retryableRead") tail.push(writeConcern);
    if (readConcern !== undefined && takesReadConcern.has(command.name)) tail.push(readConcern);
    return tail;
  }

  async function run(command: DirectCommand): Promise<Reply> {
    const line = lines.take() ?? (await lines.wait(command.signal));
    if (line === undefined) return runByDriver(command);
    if (command.signal?.aborted === true) {
      lines.release(line);
      throw new Abandoned();
    }
    const number =
      command.kind === "retryableWrite" && options.retryWrites && line.numbersWrites
        ? line.nextNumber()
        : undefined;
    const session =
      command.session === undefined
        ? number === undefined
          ? undefined
          : line.sessionElement
        : sessionElement(command.session);
    const tail = tailOf(command, session);
    if (number !== undefined) tail.push(number);
    lastRequestId = lastRequestId === requestIdMax ? 1 : lastRequestId + 1;
    try {
      const message = toMessage(lastRequestId, command, tail);
      const bytes = await ask(line, message, lastRequestId, command.signal);
      const document = Doc.fromBytes(bytes);
      if (isFine(document)) {
        lines.release(line);
        return { document, server: line.server };
      }
      throw toServerError(bytes);
    } catch (error) {
      return await recover(command, line, error, number);
    }
  }

  /** Waits for the reply or for the signal; a line whose reply is not waited for is free once that has come. */
  async function ask(
    line: Line,
    message: Buffer,
    requestId: number,
    signal: AbortSignal | undefined,
  ): Promise<Buffer> {
    const reply = line.channel.send(message, requestId);
    if (signal === undefined) return reply;
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        const timer = setTimeout(() => {
          line.channel.close();
        }, abandonedMsMax);
        const settle = (): void => {
          clearTimeout(timer);
          lines.release(line);
        };
        void reply.then(settle, settle);
        reject(new Abandoned());
      };
      signal.addEventListener("abort", leave, { once: true });
      reply.then(
        (bytes) => {
          signal.removeEventListener("abort", leave);
          resolve(bytes);
        },
        (error: Error) => {
          signal.removeEventListener("abort", leave);
          reject(error);
        },
      );
    });
  }

  /** @throws what the driver would throw */
  async function recover(
    command: DirectCommand,
    line: Line,
    error: unknown,
    number: Uint8Array | undefined,
  ): Promise<Reply> {
    if (error instanceof Abandoned) throw error;
    const { session } = line;
    const { connection } = line.channel;
    const failure = line.server.decorateCommandError(
      connection,
      {},
      { session },
      error as Error,
    ) as MongoError;
    const isLost = failure instanceof internals.MongoNetworkError;
    if (failure.code === reauthenticationRequired) {
      lines.discard(line);
      return runByDriver(command);
    }
    if (number !== undefined && (isLost || failure.hasErrorLabel("RetryableWriteError"))) {
      // The session goes on with the second try, and serves nobody else until that is over.
      lines.retire(line);
      try {
        const body = Buffer.concat([command.body, number]);
        return await runByDriver({ ...command, kind: "write", body, session });
      } catch (second) {
        const wroteNothing =
          second instanceof internals.MongoError && second.hasErrorLabel("NoWritesPerformed");
        throw wroteNothing ? failure : second;
      } finally {
        await session.endSession();
      }
    }
    if (isLost) lines.discard(line);
    else lines.release(line);
    const isRetried =
      command.kind === "retryableRead" &&
      options.retryReads &&
      internals.isRetryableReadError(failure);
    if (isRetried) return runByDriver(command);
    throw failure;
  }

  function toServerError(bytes: Buffer): Error {
    const response = internals.MongoDBResponse.make(bytes);
    try {
      internals.throwIfWriteConcernError(response);
    } catch (error) {
      return error as Error;
    }
    return new internals.MongoServerError(response.toObject({ enableUtf8Validation: false }));
  }

  return {
    run: (command) => (suits(command) && lines.hasPrimary() ? run(command) : undefined),
    counts: () => lines.counts(),
    close: async () => lines.close(),
  };
}

/** The caller has gone; it knows why. */
class Abandoned extends Error {}

const takesReadConcern: ReadonlySet<string> = new Set(["find", "aggregate", "distinct", "count"]);

function isFine(reply: Doc): boolean {
  const ok = reply.get("ok");
  const isOk =
    ok === 1 || (typeof ok === "object" && ok !== null && "value" in ok && ok.value === 1);
  return isOk && reply.get("writeConcernError") === undefined;
}

function concernElement(
  name: string,
  fields: Readonly<Record<string, number | string | boolean | undefined>>,
): Uint8Array | undefined {
  const present = Object.entries(fields).filter(
    (field): field is [string, number | string | boolean] => field[1] !== undefined,
  );
  if (present.length === 0) return undefined;
  return elementsOf(Doc.of({ [name]: Doc.fromEntries(present) }));
}
