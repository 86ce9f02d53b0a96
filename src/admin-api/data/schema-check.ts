/** A schema and the documents that are there already: made of a sample of them, and tried on all of them. */
import { Readable } from "node:stream";
import { type Static, Type } from "@sinclair/typebox";
import type { FastifyInstance } from "fastify";
import { mustDoc } from "../../actions/fields.ts";
import { Doc } from "../../bson/doc.ts";
import { toText } from "../../bson/stringify.ts";
import type { Value } from "../../bson/value.ts";
import { Fault } from "../../kit/fault.ts";
import { createPacer } from "../../kit/pacer.ts";
import { type CompiledSchema, compileSchema, type Violation } from "../../rules/schema.ts";
import type { AdminServices } from "../admin-services.ts";
import {
  answerEjson,
  callSignal,
  type CollectionParams,
  collectionRoute,
  mustBody,
  mustFindSource,
  mustOpenCollection,
  wordedFailure,
} from "./place.ts";
import { sampleSchema } from "./schema-of-sample.ts";

const sampleQuery = Type.Object({ size: Type.Optional(Type.String()) });
const checkBody = Type.Object({
  schema: Type.Record(Type.String(), Type.Unknown()),
});

const sampleMax = 5000;
const sampleDefault = 500;
/** How often it is said how far a check has come. */
const progressMs = 200;
/** Documents that one answer names. */
const shownMax = 50;
const violationsShownMax = 10;

export function schemaCheckRoutes(instance: FastifyInstance, services: AdminServices): void {
  instance.get<{ Params: CollectionParams; Querystring: Static<typeof sampleQuery> }>(
    `${collectionRoute}/schema_sample`,
    { schema: { querystring: sampleQuery } },
    async ({ params, query }, reply) => {
      const size = readSize(query.size);
      const collection = mustOpenCollection(services, params);
      const sampling = sampleSchema();
      let count = 0;
      const signal = callSignal(reply);
      const pipeline = [Doc.of({ $sample: Doc.of({ size }) })];
      for await (const batch of collection.aggregate(pipeline, { signal }))
        for (const document of batch) {
          sampling.add(document);
          count += 1;
        }
      return answerEjson(reply, Doc.of({ count, schema: sampling.schema(params.collection) }));
    },
  );
  instance.post<{ Params: CollectionParams }>(
    `${collectionRoute}/schema_check`,
    { schema: { body: checkBody } },
    async ({ params, body }, reply) => {
      const collection = mustOpenCollection(services, params);
      const compiled = compileSchema(mustDoc(mustBody(body), "schema"), ({ message }) => {
        throw new Fault("BadRequest", message);
      });
      const { app } = mustFindSource(services, params);
      const batches = collection.find(Doc.empty, { signal: callSignal(reply) });
      const events = checkDocuments(batches, compiled, app.allowsNullTypes);
      return reply
        .header("Content-Type", "text/event-stream")
        .header("Cache-Control", "no-store")
        .send(Readable.from(events));
    },
  );
}

/** Events: how far it has come, and at the end (`done`) what was found. */
async function* checkDocuments(
  batches: AsyncIterable<readonly Doc[]>,
  compiled: CompiledSchema,
  allowsNull: boolean | undefined,
): AsyncGenerator<string> {
  const pacer = createPacer();
  const documents: Doc[] = [];
  let [checked, invalid] = [0, 0];
  let saidAt = performance.now();
  try {
    for await (const batch of batches) {
      for (const document of batch) {
        if (pacer.due()) await pacer.rest();
        const { violations } = await compiled.check(document, { allowsNull });
        checked += 1;
        if (violations.length === 0) continue;
        invalid += 1;
        if (documents.length < shownMax) documents.push(describe(document, violations));
      }
      if (performance.now() - saidAt < progressMs) continue;
      saidAt = performance.now();
      yield event({ checked, invalid, done: false });
    }
    yield event({ checked, invalid, documents, done: true });
  } catch (cause) {
    const failure = wordedFailure(cause);
    // The status has gone out already.
    if (!(failure instanceof Fault)) throw failure;
    yield event({ checked, invalid, documents, done: true, error: failure.message });
  }
}

function event(content: Readonly<Record<string, Value>>): string {
  return `data: ${toText(Doc.of(content), "relaxed")}\n\n`;
}

function describe(document: Doc, violations: readonly Violation[]): Doc {
  const shown = violations.slice(0, violationsShownMax);
  return Doc.of({
    _id: document.get("_id") ?? null,
    violations: shown.map(({ field, message }) => Doc.of({ field, message })),
  });
}

function readSize(text: string | undefined): number {
  if (text === undefined) return sampleDefault;
  const size = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (size >= 1 && size <= sampleMax) return size;
  throw new Fault("InvalidParameter", `size must be a whole number from 1 to ${sampleMax}`);
}
