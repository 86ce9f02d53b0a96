import { expect, test } from "vitest";
import { createBatch } from "./batch.ts";
import { createCoverage } from "./coverage.ts";
import type { Doc } from "../../src/bson/doc.ts";
import { DateTime } from "../../src/bson/value.ts";
import { MongoError } from "../../src/kit/mongo-error.ts";
import { compileMatch, type Match } from "../../src/query/match.ts";

const environment = { now: new DateTime(0), random: () => 0.5, variables: new Map() };

test.for([11, 12, 13])("match in bytes: as on documents, seed %i", (seed) => {
  let compared = 0;
  for (let number = 0; number < 6; number += 1) {
    const { documents, cases } = createBatch(seed, "filter", number, createCoverage());
    for (const { call } of cases) {
      const match = call.verb === "find" ? compiled(call.filter) : undefined;
      const { matchesBytes } = match ?? {};
      if (match === undefined || matchesBytes === undefined) continue;
      for (const each of documents) {
        const wanted = outcomeOf(() => match.matches(each));
        expect(outcomeOf(() => matchesBytes(each.toBytes(), 0))).toBe(wanted);
        compared += 1;
      }
    }
  }
  expect(compared).toBeGreaterThan(1000);
});

function compiled(filter: Doc): Match | undefined {
  try {
    return compileMatch(filter, environment);
  } catch (error) {
    if (error instanceof MongoError) return undefined;
    throw error;
  }
}

function outcomeOf(work: () => boolean): boolean | string {
  try {
    return work();
  } catch (error) {
    if (error instanceof MongoError) return error.message;
    throw error;
  }
}
