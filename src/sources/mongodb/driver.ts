/**
 * The official driver, made to carry commands as BSON bytes.
 *
 * Its public API serializes JavaScript objects, which costs most of the time, moves integer-like keys to the front and
 * knows no DBPointer and no Undefined. So that its discovery, pool, authentication, sessions and retries serve us all
 * the same, an operation of our own gives it a command whose body is bytes, and the one method that serializes a
 * command puts them in (see `internals.ts` on what of this is not public). Most commands do not even go that way, see
 * `direct.ts`.
 *
 * @module
 */
import type {
  ClientSession,
  MongoClient,
  MongoClientOptions,
  MongoError as MongoErrors,
  MongoServerError as MongoServerErrors,
  ReadPreference,
} from "mongodb";
import { Doc } from "../../bson/doc.ts";
import {
  type Command,
  type CommandKind,
  type Reply,
  sequenceLength,
  writeSequence,
} from "./command.ts";
import { type DirectWay, openDirectWay, suitsDirectWay } from "./direct.ts";
import {
  bytesOfCommand,
  type ClientInternals,
  type Fields,
  type Internals,
  type Operation,
  readInternals,
} from "./internals.ts";
import { addCounts, type ConnectionCounts, countConnections } from "./pool-counts.ts";

export interface Driver {
  /** @throws {Error} of the driver when the connection string is not valid */
  connect(uri: string, options: MongoClientOptions): DriverClient;
  readonly MongoError: typeof MongoErrors;
  readonly MongoServerError: typeof MongoServerErrors;
}

/** One pooled client. */
export interface DriverClient {
  readonly client: MongoClient;
  /** Sends a command and gives the reply. */
  run(command: Command): Promise<Reply>;
  counts(): ConnectionCounts;
  close(): Promise<void>;
}

let loaded: Promise<Driver> | undefined;

/** Loads the driver, once: it costs 100 ms that a server without a MongoDB need not pay. */
export async function openDriver(): Promise<Driver> {
  loaded ??= loadDriver();
  return loaded;
}

async function loadDriver(): Promise<Driver> {
  const { MongoClient: Client, MongoError, MongoServerError } = await import("mongodb");
  const internals = readInternals();
  putBytesIn(internals.OpMsgRequest.prototype);
  const operations = defineOperations(internals);

  function connect(uri: string, options: MongoClientOptions): DriverClient {
    const whole = new Client(uri, options);
    const count = directShare(whole as unknown as ClientInternals);
    const { maxPoolSize } = whole.options;
    const client =
      count === 0 || maxPoolSize === 0
        ? whole
        : new Client(uri, { ...options, maxPoolSize: maxPoolSize - count });
    const runByDriver = async (command: Command): Promise<Reply> => {
      const operation = new operations[command.kind](client, command);
      const bytes = await internals.executeOperation(client, operation);
      return { document: Doc.fromBytes(bytes), server: operation.server };
    };
    const direct: DirectWay | undefined =
      count === 0 ? undefined : openDirectWay(client, internals, count, runByDriver);
    const counts = countConnections(client);
    return {
      client,
      counts: () => (direct === undefined ? counts() : addCounts(counts(), direct.counts())),
      run: async (command) => direct?.run(command) ?? runByDriver(command),
      async close(): Promise<void> {
        await direct?.close();
        await client.close();
      },
    };
  }

  return { MongoError, MongoServerError, connect };
}

const directMax = 100;

/** Of the connections that the pool may have, how many go the direct way: half of them. */
function directShare(client: ClientInternals): number {
  if (!suitsDirectWay(client)) return 0;
  const { maxPoolSize, minPoolSize } = client.options;
  if (maxPoolSize === 0) return directMax;
  return Math.min(Math.floor(maxPoolSize / 2), maxPoolSize - minPoolSize);
}

function putBytesIn(request: Internals["OpMsgRequest"]["prototype"]): void {
  const serialize = request.serializeBson;
  request.serializeBson = function serializeBson(command: Fields): Uint8Array {
    const head = serialize.call(this, command);
    const bytes = command[bytesOfCommand];
    return bytes === undefined ? head : joinSections(head, bytes);
  };
}

/** What the driver wrote (command name, session, cluster time …), then our fields, then the sequence's section. */
function joinSections(head: Uint8Array, { target, body, sequence }: Command): Uint8Array {
  const documentLength = head.length + body.length;
  const message = Buffer.allocUnsafe(
    documentLength + (sequence === undefined ? 0 : sequenceLength(sequence)),
  );
  const isBodyFirst = target === undefined;
  message.writeInt32LE(documentLength, 0);
  message.set(head.subarray(4, -1), isBodyFirst ? 4 + body.length : 4);
  message.set(body, isBodyFirst ? 4 : head.length - 1);
  message[documentLength - 1] = 0;
  if (sequence !== undefined) writeSequence(message, documentLength, sequence);
  return message;
}

type OperationClass = new (client: MongoClient, command: Command) => Operation;

function defineOperations(internals: Internals): Readonly<Record<CommandKind, OperationClass>> {
  const { Aspect } = internals;
  const withAspects = (...names: readonly string[]): OperationClass => {
    const operation = createOperation(internals);
    internals.defineAspects(
      operation,
      names.map((name) => Aspect[name] as symbol),
    );
    return operation;
  };
  return {
    read: withAspects("READ_OPERATION"),
    retryableRead: withAspects("READ_OPERATION", "RETRYABLE"),
    write: withAspects("WRITE_OPERATION"),
    retryableWrite: withAspects("WRITE_OPERATION", "RETRYABLE"),
    next: withAspects("READ_OPERATION", "MUST_SELECT_SAME_SERVER"),
    plain: withAspects(),
  };
}

function createOperation(internals: Internals): OperationClass {
  return class BytesOperation extends internals.AbstractOperation {
    readonly SERVER_COMMAND_RESPONSE_TYPE = internals.MongoDBResponse;
    readonly ns: object;
    readonly #client: MongoClient;
    readonly #command: Command;
    /** The base class sets these two. */
    declare readonly options: object;
    declare readonly readPreference: ReadPreference;

    constructor(client: MongoClient, command: Command) {
      const { session, signal, server } = command;
      super({
        ...(session !== undefined && { session }),
        ...(signal !== undefined && { signal }),
        // A transaction reads where it writes.
        ...(isRead(command) &&
          session?.inTransaction() !== true && { readPreference: client.readPreference }),
      });
      if (server !== undefined) this.server = server;
      this.ns = new internals.MongoDBNamespace(command.database, "$cmd");
      this.#client = client;
      this.#command = command;
    }

    get commandName(): string {
      return this.#command.name;
    }

    buildCommand(_connection: unknown, session: ClientSession | undefined): Fields {
      const command = this.#command;
      const { name, target } = command;
      const fields: Fields = {
        ...(target !== undefined && { [name]: target }),
        [bytesOfCommand]: command,
      };
      if (session?.inTransaction() === true) return fields;
      const { readConcern, writeConcern } = this.#client;
      if (readConcern !== undefined && takesReadConcern.has(name))
        fields["readConcern"] = { level: readConcern.level };
      if (writeConcern !== undefined && isWrite(command))
        fields["writeConcern"] = concernOf(writeConcern);
      return fields;
    }

    buildOptions(timeoutContext: unknown): object {
      return {
        ...this.options,
        timeoutContext,
        session: this.session,
        readPreference: this.readPreference,
        // Only errors and cluster times are made into objects. A message may hold half of a character.
        enableUtf8Validation: false,
      };
    }

    handleOk(response: { readonly bson: Uint8Array }): Uint8Array {
      return response.bson;
    }
  };
}

const takesReadConcern: ReadonlySet<string> = new Set(["find", "aggregate", "distinct", "count"]);

function isRead({ kind }: Command): boolean {
  return kind === "read" || kind === "retryableRead" || kind === "next";
}

function isWrite({ kind }: Command): boolean {
  return kind === "write" || kind === "retryableWrite";
}

function concernOf(concern: NonNullable<MongoClient["writeConcern"]>): object {
  return {
    ...(concern.w !== undefined && { w: concern.w }),
    ...(concern.wtimeoutMS !== undefined && { wtimeout: concern.wtimeoutMS }),
    ...(concern.journal !== undefined && { j: concern.journal }),
  };
}
