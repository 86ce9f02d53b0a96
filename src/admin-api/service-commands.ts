/**
 * `…/services/{s}/commands/{command}`: what a data source is asked beside its rules.
 *
 * To add a command: a line in `commands`.
 */
import type { FastifyInstance, FastifyReply } from "fastify";
import { mustDoc, mustText, optionalCount, optionalDoc } from "../actions/fields.ts";
import { Doc } from "../bson/doc.ts";
import { toText } from "../bson/stringify.ts";
import { ObjectId, type Value } from "../bson/value.ts";
import type { App } from "../config/app.ts";
import { Fault } from "../kit/fault.ts";
import { createPacer } from "../kit/pacer.ts";
import type { LogEntry } from "../logs/log-entry.ts";
import { compileSchema, type Violation } from "../rules/schema.ts";
import type { AdminServices } from "./admin-services.ts";
import {
  answerEjson,
  callSignal,
  mustBody,
  mustFindSource,
  mustOpenCollection,
  mustOpenSource,
  takeEjson,
  worded,
} from "./data/place.ts";
import { sampleSchema } from "./data/schema-of-sample.ts";
import { serviceIdOf } from "./data-source-files.ts";

interface Params {
  readonly appId: string;
  /** The id of a data source, or its name. */
  readonly serviceId: string;
  readonly commandName: string;
}

interface CommandCall {
  readonly services: AdminServices;
  readonly app: App;
  /** The name of the data source. */
  readonly source: string;
  readonly body: Doc;
  readonly signal: AbortSignal;
  readonly entry: LogEntry;
}

type Command = (call: CommandCall) => Promise<Doc>;

const commands: ReadonlyMap<string, Command> = new Map([
  ["list_databases", listDatabases],
  ["list_collections", listCollections],
  ["generate_schema", generateSchema],
  ["validate_documents", validateDocuments],
]);

const generateMax = 5000;
const validateDefault = 10_000;
const validateMax = 50_000;
/** Documents that one kind of violation names. */
const failedIdsMax = 100;
/** Kinds of violations, each with its field: a schema of many fields may be violated in many ways. */
const kindsMax = 1000;

export function serviceCommandRoutes(
  services: AdminServices,
): (instance: FastifyInstance) => Promise<void> {
  return async (instance) => {
    takeEjson(instance);
    instance.post<{ Params: Params }>(
      "/apps/:appId/services/:serviceId/commands/:commandName",
      async (request, reply) => {
        const { appId, serviceId, commandName } = request.params;
        const app = services.apps.must(appId);
        const [source] = [...app.dataSources.keys()].filter(
          (name) => name === serviceId || serviceIdOf(name) === serviceId,
        );
        if (source === undefined)
          throw new Fault("NotFound", `service not found: '${serviceId.slice(0, 64)}'`);
        const command = commands.get(commandName);
        if (command === undefined)
          throw new Fault("ServiceCommandNotFound", `command not found: '${commandName}'`);
        const body = request.body === undefined ? Doc.empty : mustBody(request.body);
        const entry = services.entries.of(request.raw);
        return run(reply, command, { services, app, source, body, entry });
      },
    );
  };
}

async function run(
  reply: FastifyReply,
  command: Command,
  call: Omit<CommandCall, "signal">,
): Promise<FastifyReply> {
  return answerEjson(reply, await worded(command({ ...call, signal: callSignal(reply) })));
}

/** Of the two kinds of work on schemas the log tells, as the original's did. */
function note({ entry, app, source }: CommandCall, type: LogEntry["type"]): void {
  entry.type = type;
  entry.appId = app.id;
  entry.serviceId = serviceIdOf(source);
}

function placeOf({ app, source, body }: CommandCall): {
  readonly appId: string;
  readonly source: string;
  readonly database: string;
  readonly collection: string;
} {
  const database = mustText(body, "database_name");
  const collection = mustText(body, "collection_name");
  return { appId: app.id, source, database, collection };
}

/** Atlas: that there were these two is known of the original's console, but not what they answered. */
async function listDatabases({ services, app, source }: CommandCall): Promise<Doc> {
  const { store } = mustFindSource(services, { appId: app.id, source });
  const names = await store.listDatabases();
  return Doc.of({ databases: names.filter((name) => !services.access.isRefused(name)) });
}

async function listCollections({ services, app, source, body }: CommandCall): Promise<Doc> {
  const database = mustText(body, "database_name");
  const store = mustOpenSource(services, { appId: app.id, source, database });
  const found = await store.listCollections(database);
  return Doc.of({ collections: found.map((each) => each.get("name") ?? null) });
}

async function generateSchema(call: CommandCall): Promise<Doc> {
  note(call, "SCHEMA_GENERATION");
  const { services, body, signal } = call;
  const place = placeOf(call);
  const size = Math.min(optionalCount(body, "limit") ?? generateMax, generateMax);
  if (size === 0) throw new Fault("InvalidParameter", "limit must be at least 1");
  const sampling = sampleSchema();
  const pipeline = [Doc.of({ $sample: Doc.of({ size }) })];
  const collection = mustOpenCollection(services, place);
  for await (const batch of collection.aggregate(pipeline, { signal }))
    for (const document of batch) sampling.add(document);
  return Doc.of({ schema: sampling.schema(place.collection) });
}

interface Failed {
  readonly violation: Violation;
  count: number;
  readonly ids: Value[];
}

async function validateDocuments(call: CommandCall): Promise<Doc> {
  note(call, "SCHEMA_VALIDATION");
  const { services, app, body, signal, entry } = call;
  const place = placeOf(call);
  const compiled = compileSchema(mustDoc(body, "from_schema"), ({ message }) => {
    throw new Fault("BadRequest", message);
  });
  const limit = Math.min(optionalCount(body, "limit") || validateDefault, validateMax);
  const sort = optionalDoc(body, "sort");
  const failed = new Map<string, Failed>();
  const pacer = createPacer(signal);
  let [processed, invalid] = [0, 0];
  const collection = mustOpenCollection(services, place);
  const found = collection.find(optionalDoc(body, "query") ?? Doc.empty, {
    signal,
    limit,
    ...(sort !== undefined && { sort }),
  });
  for await (const batch of found)
    for (const document of batch) {
      if (pacer.due()) await pacer.rest();
      processed += 1;
      const { allowsNullTypes: allowsNull } = app;
      const { violations } = await compiled.check(document, { allowsNull });
      if (violations.length === 0) continue;
      invalid += 1;
      for (const violation of violations) add(failed, violation, document.get("_id") ?? null);
    }
  entry.remark(`${place.database}.${place.collection}: ${processed} looked at, ${invalid} invalid`);
  return Doc.of({
    errors: [...failed.values()].map(describe),
    total_processed_count: processed,
    total_error_count: invalid,
  });
}

function add(failed: Map<string, Failed>, violation: Violation, id: Value): void {
  const key = `${violation.kind} ${violation.field}`;
  let known = failed.get(key);
  if (known === undefined) {
    if (failed.size >= kindsMax) return;
    known = { violation, count: 0, ids: [] };
    failed.set(key, known);
  }
  known.count += 1;
  if (known.ids.length < failedIdsMax) known.ids.push(id);
}

function describe({ violation, count, ids }: Failed): Doc {
  return Doc.of({
    error_code: violation.kind,
    error_count: count,
    field: violation.field,
    failed_ids: ids.map((id) => (id instanceof ObjectId ? id.toHex() : toText(id, "relaxed"))),
    failed_documents_query: Doc.of({ _id: Doc.of({ $in: ids }) }),
  });
}
