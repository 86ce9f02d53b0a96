/**
 * Parts of the official driver that are not public, and that we build on: its version is pinned, and a version whose
 * parts are not where they should be is refused when it is loaded.
 */
import { createRequire } from "node:module";
import type { Socket } from "node:net";
import type {
  ClientSession,
  MongoClient,
  MongoError as MongoErrors,
  MongoNetworkError as MongoNetworkErrors,
  MongoServerError as MongoServerErrors,
  TopologyDescription,
} from "mongodb";
import type { Command } from "./command.ts";

export const bytesOfCommand = Symbol("bytes of the command");

/** The driver's form of a command. It is spread and added to on the way; a symbol stays and is not serialized. */
export interface Fields {
  [name: string]: unknown;
  [bytesOfCommand]?: Command;
}

/** An operation as the driver runs it. */
export interface Operation {
  server?: object;
  session?: ClientSession | undefined;
}

/** A socket on which the driver has said hello and authenticated. */
export interface Connection {
  readonly socket: Socket;
  readonly messageStream: NodeJS.WritableStream;
  readonly description: { readonly compressor?: string | null };
  /** Why it is closed. */
  readonly error: Error | null;
  readonly socketTimeoutMS: number;
  destroy(): void;
  once(event: "close", listener: () => void): void;
}

/** One server of a deployment, watched by the driver. */
export interface Server {
  readonly pool: {
    readonly options: object;
    readonly generation: number;
    readonly cancellationToken: object;
    readonly mongoLogger: unknown;
  };
  /** Names an error's retryability, and lets the driver draw its conclusions on the server's state. */
  decorateCommandError(
    connection: Connection,
    command: object,
    options: { readonly session?: ClientSession | undefined },
    error: Error,
  ): Error;
}

export interface Topology {
  readonly description: TopologyDescription;
  readonly s: { readonly servers: ReadonlyMap<string, Server> };
}

/** What is not in the type of a client. */
export interface ClientInternals {
  readonly topology?: Topology;
  readonly options: MongoClient["options"] & { readonly metadata: unknown };
  readonly s: { readonly authProviders: unknown };
}

export interface Internals {
  readonly AbstractOperation: new (options: object) => Operation;
  readonly defineAspects: (operation: unknown, aspects: readonly symbol[]) => unknown;
  readonly Aspect: Readonly<Record<string, symbol>>;
  readonly executeOperation: (client: MongoClient, operation: Operation) => Promise<Uint8Array>;
  readonly OpMsgRequest: {
    readonly prototype: { serializeBson: (this: unknown, command: Fields) => Uint8Array };
  };
  readonly MongoDBResponse: {
    /** A message may hold half of a character, which is not to be validated. */
    make(bytes: Uint8Array): {
      toObject(options: { readonly enableUtf8Validation: false }): object;
    };
  };
  readonly MongoDBNamespace: new (database: string, collection: string) => object;
  readonly connect: (options: object) => Promise<Connection>;
  readonly throwIfWriteConcernError: (response: unknown) => void;
  readonly isRetryableReadError: (error: Error) => boolean;
  readonly MongoError: typeof MongoErrors;
  readonly MongoNetworkError: new (message: string) => MongoNetworkErrors;
  readonly MongoServerError: typeof MongoServerErrors;
}

const places: Readonly<Record<string, readonly string[]>> = {
  "operations/operation.js": ["AbstractOperation", "defineAspects"],
  "operations/execute_operation.js": ["executeOperation"],
  "cmap/commands.js": ["OpMsgRequest"],
  "cmap/connect.js": ["connect"],
  "cmap/wire_protocol/responses.js": ["MongoDBResponse"],
  "utils.js": ["MongoDBNamespace"],
  "write_concern.js": ["throwIfWriteConcernError"],
  "error.js": ["isRetryableReadError", "MongoError", "MongoNetworkError", "MongoServerError"],
};

/** @throws {Error} when the driver is of another build than the one this was written for */
export function readInternals(): Internals {
  const load = createRequire(import.meta.url);
  const found: Record<string, unknown> = {};
  for (const [file, names] of Object.entries(places)) {
    const exported = load(`mongodb/lib/${file}`) as Readonly<Record<string, unknown>>;
    if (file === "operations/operation.js") found["Aspect"] = exported["Aspect"];
    for (const name of names) {
      if (typeof exported[name] !== "function") throw misfit(load, name);
      found[name] = exported[name];
    }
  }
  const internals = found as unknown as Internals;
  if (typeof internals.OpMsgRequest.prototype.serializeBson !== "function")
    throw misfit(load, "serializeBson");
  return internals;
}

function misfit(load: NodeJS.Require, name: string): Error {
  const { version } = load("mongodb/package.json") as { version: string };
  return new Error(`version ${version} of the mongodb driver does not fit: it has no ${name}`);
}
