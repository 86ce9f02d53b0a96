/**
 * The official driver, made to carry commands as BSON bytes.
 *
 * Its public API serializes JavaScript objects, which costs most of the time, moves integer-like keys to the front and
 * knows no DBPointer and no Undefined. So that its discovery, pool, authentication, sessions and retries serve us all
 * the same, an operation of our own gives it a command whose body is bytes, and the one method that serializes a
 * command puts them in. These parts of the driver are not public: its version is pinned, and `openDriver` says so if
 * they are not where they should be.
 *
 * @module
 */
import { createRequire } from "node:module";
import type {
  ClientSession,
  MongoClient,
  MongoClientOptions,
  MongoError as MongoErrors,
  MongoServerError as MongoServerErrors,
  ReadPreference,
} from "mongodb";

/** How a command may be repeated after a network failure or an election, and where it runs. */
export type CommandKind = "read" | "retryableRead" | "write" | "retryableWrite" | "next" | "plain";

/** A command as it goes over the wire. */
export interface Command {
  readonly kind: CommandKind;
  readonly database: string;
  /** The first field, which names the command. */
  readonly name: string;
  /** The first field's value; undefined when the body begins with that field. */
  readonly target: string | number | bigint | undefined;
  /** All other fields: the elements of a BSON document, without its length and end. */
  readonly body: Uint8Array;
  /** Documents of an array field, which travel beside the body and may be bigger than a document. */
  readonly sequence?:
    | { readonly field: string; readonly documents: readonly Uint8Array[] }
    | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly session?: ClientSession | undefined;
  /** With `next`: the server that holds the cursor. */
  readonly server?: object | undefined;
}

export interface Reply {
  readonly bytes: Uint8Array;
  /** The server that answered; a cursor lives there. */
  readonly server: object | undefined;
}

export interface Driver {
  connect(uri: string, options: MongoClientOptions): MongoClient;
  /** Sends a command and gives the reply's bytes. */
  run(client: MongoClient, command: Command): Promise<Reply>;
  readonly MongoError: typeof MongoErrors;
  readonly MongoServerError: typeof MongoServerErrors;
}

interface Operation {
  server?: object;
  session?: ClientSession | undefined;
}

interface Internals {
  readonly AbstractOperation: new (options: object) => Operation;
  readonly defineAspects: (operation: unknown, aspects: readonly symbol[]) => unknown;
  readonly Aspect: Readonly<Record<string, symbol>>;
  readonly executeOperation: (client: MongoClient, operation: Operation) => Promise<Uint8Array>;
  readonly OpMsgRequest: {
    readonly prototype: { serializeBson: (this: unknown, command: Fields) => Uint8Array };
  };
  readonly MongoDBResponse: unknown;
  readonly MongoDBNamespace: new (database: string, collection: string) => object;
}

/** The driver's form of a command. It is spread and added to on the way; a symbol stays and is not serialized. */
interface Fields {
  [name: string]: unknown;
  [bytesOfCommand]?: Command;
}

const bytesOfCommand = Symbol("bytes of the command");

let loaded: Promise<Driver> | undefined;

/** Loads the driver, once: it costs 100 ms that a server without a MongoDB need not pay. */
export async function openDriver(): Promise<Driver> {
  loaded ??= loadDriver();
  return loaded;
}

async function loadDriver(): Promise<Driver> {
  const { MongoClient: Client, MongoError, MongoServerError } = await import("mongodb");
  const internals = readInternals();
  const { executeOperation } = internals;
  putBytesIn(internals.OpMsgRequest.prototype);
  const operations = defineOperations(internals);
  return {
    MongoError,
    MongoServerError,
    connect: (uri, options) => new Client(uri, options),
    async run(client, command): Promise<Reply> {
      const operation = new operations[command.kind](client, command);
      const bytes = await executeOperation(client, operation);
      return { bytes, server: operation.server };
    },
  };
}

function readInternals(): Internals {
  const load = createRequire(import.meta.url);
  const found: Partial<Internals> = {
    ...(load("mongodb/lib/operations/operation.js") as object),
    ...(load("mongodb/lib/operations/execute_operation.js") as object),
    ...(load("mongodb/lib/cmap/commands.js") as object),
    ...(load("mongodb/lib/cmap/wire_protocol/responses.js") as object),
    ...(load("mongodb/lib/utils.js") as object),
  };
  const { version } = load("mongodb/package.json") as { version: string };
  const isComplete =
    typeof found.AbstractOperation === "function" &&
    typeof found.defineAspects === "function" &&
    typeof found.executeOperation === "function" &&
    typeof found.MongoDBNamespace === "function" &&
    typeof found.OpMsgRequest?.prototype.serializeBson === "function";
  if (!isComplete) throw new Error(`version ${version} of the mongodb driver does not fit`);
  return found as Internals;
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
  const sequenceLength = sequence === undefined ? 0 : sequenceBytes(sequence);
  const message = Buffer.allocUnsafe(documentLength + sequenceLength);
  const isBodyFirst = target === undefined;
  message.writeInt32LE(documentLength, 0);
  message.set(head.subarray(4, -1), isBodyFirst ? 4 + body.length : 4);
  message.set(body, isBodyFirst ? 4 : head.length - 1);
  message[documentLength - 1] = 0;
  if (sequence === undefined) return message;
  // A section of kind 1: its length, the field's name, the documents one after another.
  message[documentLength] = 1;
  message.writeInt32LE(sequenceLength - 1, documentLength + 1);
  let at = documentLength + 5;
  at += message.write(`${sequence.field}\0`, at);
  for (const document of sequence.documents) {
    message.set(document, at);
    at += document.length;
  }
  return message;
}

function sequenceBytes({ field, documents }: NonNullable<Command["sequence"]>): number {
  return documents.reduce((sum, each) => sum + each.length, 1 + 4 + field.length + 1);
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
