/** Where in a data source a route works, and how its calls read and answer. */
import type { FastifyInstance, FastifyReply } from "fastify";
import { Doc } from "../../bson/doc.ts";
import { parseEjson } from "../../bson/parse-ejson.ts";
import { toText } from "../../bson/stringify.ts";
import type { Value } from "../../bson/value.ts";
import type { App } from "../../config/app.ts";
import { Fault } from "../../kit/fault.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import type { Collection, DataSource } from "../../sources/source.ts";
import type { AdminServices } from "../admin-services.ts";

export interface SourceParams {
  readonly appId: string;
  readonly source: string;
}
export interface DatabaseParams extends SourceParams {
  readonly database: string;
}
export interface CollectionParams extends DatabaseParams {
  readonly collection: string;
}

export const sourceRoute = "/apps/:appId/data/:source";
export const databaseRoute = `${sourceRoute}/databases/:database/collections`;
export const collectionRoute = `${databaseRoute}/:collection`;

/** A call of an administrator's ends after this. */
const processingMsMax = 60_000;

/** @throws {Fault} `ServiceNotFound` */
export function mustFindSource(
  { apps, access }: AdminServices,
  params: SourceParams,
): { readonly app: App; readonly store: DataSource } {
  const app = apps.must(params.appId);
  const link = app.dataSources.get(params.source);
  const store = link === undefined ? undefined : access.stores.get(link.store);
  if (store === undefined)
    throw new Fault("ServiceNotFound", `service not found: '${params.source}'`);
  return { app, store };
}

/** @throws {Fault} `ServiceNotFound`; `Forbidden` for a database that is not for apps */
export function mustOpenSource(services: AdminServices, params: DatabaseParams): DataSource {
  if (services.access.isRefused(params.database))
    throw new Fault("Forbidden", `the database '${params.database}' is not for apps`);
  return mustFindSource(services, params).store;
}

export function mustOpenCollection(services: AdminServices, params: CollectionParams): Collection {
  return mustOpenSource(services, params).collection(params.database, params.collection);
}

/**
 * Bodies are read as EJSON from here on, straight from their bytes: JavaScript's own objects would move fields whose
 * names are numbers to the front, and make one number of `1` and `1.0`. Schemas of bodies are for the description.
 */
export function takeEjson(instance: FastifyInstance): void {
  instance.removeAllContentTypeParsers();
  instance.addContentTypeParser("*", { parseAs: "buffer" }, (_request, bytes, done) => {
    try {
      done(null, parseEjson(bytes as Buffer));
    } catch (cause) {
      done(cause as Error, undefined);
    }
  });
  instance.setValidatorCompiler(() => () => true);
}

/** @throws {Fault} `BadRequest` where a request has none */
export function mustBody(body: unknown): Doc {
  if (body instanceof Doc) return body;
  throw new Fault("BadRequest", "the request has no body");
}

export function answerEjson(reply: FastifyReply, value: Value): FastifyReply {
  return reply.header("Content-Type", "application/json").send(toText(value, "canonical"));
}

/** MongoDB's failures are the administrator's to read. */
export async function worded<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw wordedFailure(cause);
  }
}

export function wordedFailure(cause: unknown): unknown {
  if (!(cause instanceof MongoError)) return cause;
  return new Fault("MongoDBError", `(${cause.codeName}) ${cause.message}`, { cause });
}

/** Ends with the caller, or when a call has taken too long. */
export function callSignal(reply: FastifyReply): AbortSignal {
  return AbortSignal.any([AbortSignal.timeout(processingMsMax), goneSignal(reply)]);
}

/** Aborted with the answer's end: a listener on the socket would stay for all requests that share it. */
export function goneSignal(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once("close", () => {
    controller.abort();
  });
  return controller.signal;
}
