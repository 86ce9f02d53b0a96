/** Batches of generated cases: the same seed, family and number give the same batch. */
import { Doc } from "../../src/bson/doc.ts";
import { isArray, Undefined, type Value } from "../../src/bson/value.ts";
import { type Batch, type Case, families, type Family } from "./case.ts";
import type { Coverage } from "./coverage.ts";
import { createCollations } from "./generate/collation.ts";
import { createFilters } from "./generate/filter.ts";
import { createGeo } from "./generate/geo.ts";
import { createPipelines } from "./generate/pipeline.ts";
import { createProjections } from "./generate/projection.ts";
import { createTexts } from "./generate/text.ts";
import { createUpdates } from "./generate/update.ts";
import { collectionOf, storedDocument, type Style } from "./generate/value.ts";
import { createRandom, type Random } from "./random.ts";

const documentCount = 24;
const otherCount = 8;

/** Batches in which few operators fail: one failure hides whatever else a pipeline does. */
const tameShare: Readonly<Record<Family, number>> = {
  filter: 0,
  update: 0,
  projection: 0,
  sort: 0,
  pipeline: 0.75,
  expression: 0.4,
  geo: 0,
  text: 0,
  collation: 0,
};

/** Cases of a batch. */
export const casesPerBatch = 50;

export function createBatch(
  seed: number,
  family: Family,
  number: number,
  coverage: Coverage,
): Batch {
  const random = createRandom(seed, families.indexOf(family), number);
  const batch = batchOf(family, random, coverage);
  for (const { call } of batch.cases) for (const part of Object.values(call)) coverage.count(part);
  return batch;
}

function batchOf(family: Family, random: Random, coverage: Coverage): Batch {
  switch (family) {
    case "update":
      return updateBatch(random, coverage);
    case "geo":
      return geoBatch(random);
    case "text":
      return textBatch(random);
    case "collation":
      return collationBatch(random);
    default:
      return readBatch(family, random, coverage);
  }
}

function geoBatch(random: Random): Batch {
  const geo = createGeo(random);
  const documents = Array.from({ length: documentCount }, (_, id) => geo.document(id));
  const cases = Array.from({ length: casesPerBatch }, () => geo.geoCase());
  return { family: "geo", documents, others: [], cases };
}

function textBatch(random: Random): Batch {
  const texts = createTexts(random);
  const documents = Array.from({ length: documentCount }, (_, id) => texts.document(id));
  const cases = Array.from({ length: casesPerBatch }, () => texts.textCase());
  return { family: "text", documents, others: [texts.index], cases };
}

function collationBatch(random: Random): Batch {
  const collations = createCollations(random);
  const documents = Array.from({ length: documentCount }, (_, id) => collations.document(id));
  const cases = Array.from({ length: casesPerBatch }, () => collations.collationCase());
  return { family: "collation", documents, others: [], cases };
}

function readBatch(
  family: Exclude<Family, "update" | "geo" | "text" | "collation">,
  random: Random,
  coverage: Coverage,
): Batch {
  const style = random.chance(tameShare[family]) ? "tame" : "wild";
  const documents = collectionOf(random, documentCount, style);
  const others = family === "pipeline" ? collectionOf(random, otherCount, style) : [];
  const isPipeline = family === "pipeline";
  const make = makerOf(family, random, coverage, style);
  const cases = Array.from({ length: casesPerBatch }, make);
  // The server's two engines do not agree on Undefined in a `$lookup`.
  if (isPipeline)
    return {
      family,
      documents: documents.map(noUndefined),
      others: others.map(noUndefined),
      cases,
    };
  return { family, documents, others, cases };
}

function noUndefined(document: Doc): Doc {
  const replace = (value: Value): Value => {
    if (value === Undefined) return null;
    if (isArray(value)) return value.map(replace);
    return value instanceof Doc ? noUndefined(value) : value;
  };
  const fields = [...document.entries()].map(([key, value]) => [key, replace(value)] as const);
  return Doc.fromEntries(fields);
}

function makerOf(family: Family, random: Random, coverage: Coverage, style: Style): () => Case {
  const pipelines = createPipelines(random, coverage, style);
  const projections = createProjections(random, coverage);
  const filters = createFilters(random, coverage);
  switch (family) {
    case "filter":
      return () => ({
        family,
        isOrdered: false,
        call: { verb: "find", filter: filters.filter(2), projection: Doc.of({ _id: 1 }) },
      });
    case "projection":
      return () => projections.projectionCase();
    case "sort":
      return () => projections.sortCase(documentCount);
    case "expression":
      return () => pipelines.expressionCase(documentCount);
    default:
      return () => (random.chance(0.06) ? pipelines.writingCase() : pipelines.pipelineCase());
  }
}

/** Each case has a document of its own, or makes it. */
function updateBatch(random: Random, coverage: Coverage): Batch {
  const updates = createUpdates(random, coverage);
  const documents: Doc[] = [];
  const cases = Array.from({ length: casesPerBatch }, (_, id) => {
    const document = random.chance(0.82) ? storedDocument(random, id) : undefined;
    if (document !== undefined) documents.push(document);
    return updates.call(id, document);
  });
  return { family: "update", documents, others: [], cases };
}
