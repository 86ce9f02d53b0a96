/**
 * Random roles, documents and writes: what is written, and what is denied, is what a look at document by document says.
 * `PETIOLE_RULE_CASES` and `PETIOLE_RULE_SEED` ask for others.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Doc } from "../../src/bson/doc.ts";
import { toText } from "../../src/bson/stringify.ts";
import type { Value } from "../../src/bson/value.ts";
import type { Collection, DataSource } from "../../src/sources/source.ts";
import { createRandom, type Random } from "../differential/random.ts";
import { onBothSources, type Opened } from "../support/rule-scenario.ts";
import { owners, teams } from "./expression.ts";
import { type Answer, settle } from "./request.ts";
import { randomRules, writeRules, writing } from "./role.ts";
import { openAs, randomDocument, readConfig } from "./world.ts";
import { type Done, expectWrite, isUnconditional, type World } from "./write-oracle.ts";
import { doWrite, randomWrite, type WriteRequest } from "./write-request.ts";

const all = Number(process.env["PETIOLE_RULE_CASES"] ?? 40_000);
const cases = Math.ceil(all / 4);
const seed = Number(process.env["PETIOLE_RULE_SEED"] ?? 1);
const writesPerBatch = 50;
const documentCount = 8;
const testMsMax = 300_000;

interface Expected {
  readonly answer: Answer;
  readonly documents: readonly Doc[];
}

async function expectedOf(world: World, request: WriteRequest): Promise<Expected> {
  let done: Done | undefined;
  const answer = await settle(async () => {
    done = expectWrite(world, request);
    return Promise.resolve(done.gives);
  });
  return { answer, documents: done?.documents ?? world.documents };
}

async function contentsOf(raw: Collection): Promise<readonly Doc[]> {
  const found: Doc[] = [];
  for await (const batch of raw.find(Doc.empty)) found.push(...batch);
  return found;
}

const madeId = /\{"\$oid":"[0-9a-f]{24}"\}/g;

function print(value: Value): string {
  return toText(value, "canonical").replaceAll(madeId, '"made"');
}

function comparable(answer: Answer, isLoose: boolean): string {
  if ("found" in answer)
    return JSON.stringify(answer.found).replaceAll(
      /\{\\"\$oid\\":\\"[0-9a-f]{24}\\"\}/g,
      '\\"made\\"',
    );
  // Of several that fail, a source may come to another one first.
  return isLoose ? "fails" : answer.code;
}

async function runBatch(
  source: DataSource,
  database: string,
  random: Random,
  isLoose: boolean,
): Promise<string | undefined> {
  const raw = source.collection(database, "main");
  const rules = randomRules(random, writing);
  const asker = { id: random.pick(owners), team: random.pick(teams) };
  const hiddenFields = random.chance(0.2) ? "stored" : "missing";
  const config = readConfig(new Map([["main", rules]]), database, hiddenFields);
  const open = openAs(asker, { config, source, database });
  let documents: readonly Doc[] = [];
  for (let index = 0; index < writesPerBatch; index += 1) {
    if (documents.length < documentCount / 2) {
      // oxlint-disable-next-line no-await-in-loop
      documents = await refill(raw, random);
    }
    const world: World = { rules, asker, hiddenFields, documents };
    const request = randomWrite(random);
    // oxlint-disable-next-line no-await-in-loop
    const answer = await settle(async () => doWrite(open({ verb: "update" }), request));
    // oxlint-disable-next-line no-await-in-loop
    const expected = await expectedOf(world, request);
    // oxlint-disable-next-line no-await-in-loop
    const left = await contentsOf(raw);
    const mayKeepSome =
      "code" in answer && (isUnconditional(world) || isDuplicate(answer, request));
    const isAsExpected =
      comparable(answer, isLoose || request.verb === "bulkWrite") ===
        comparable(expected.answer, isLoose || request.verb === "bulkWrite") &&
      (mayKeepSome || print(left) === print(expected.documents));
    if (!isAsExpected) return describeFinding({ world, request, answer, expected, left });
    documents = left;
  }
  await source.dropDatabase(database);
  return undefined;
}

/** Of several inserts, what stands before the one that the store refuses stays. */
function isDuplicate({ code }: { readonly code: string }, { verb }: WriteRequest): boolean {
  return code === "11000" && verb === "insertMany";
}

async function refill(raw: Collection, random: Random): Promise<readonly Doc[]> {
  await raw.deleteMany(Doc.empty);
  const documents = Array.from({ length: documentCount }, (_, id) => randomDocument(random, id));
  await raw.insertMany(documents);
  return contentsOf(raw);
}

function describeFinding(finding: {
  readonly world: World;
  readonly request: WriteRequest;
  readonly answer: Answer;
  readonly expected: Expected;
  readonly left: readonly Doc[];
}): string {
  const { world, request, answer, expected, left } = finding;
  return [
    `request   ${JSON.stringify(request, (_, value: unknown) => (value instanceof Doc ? toText(value, "relaxed") : value))}`,
    `gives     ${JSON.stringify(answer)}`,
    `expected  ${JSON.stringify(expected.answer)}`,
    `asker     ${JSON.stringify(world.asker)}; hidden fields are ${world.hiddenFields}`,
    `rules     ${JSON.stringify(writeRules(world.rules))}`,
    `documents ${toText(world.documents, "relaxed")}`,
    `left      ${toText(left, "relaxed")}`,
    `expected  ${toText(expected.documents, "relaxed")}`,
  ].join("\n");
}

function describeWrites(
  name: string,
  { count, isLoose }: { readonly count: number; readonly isLoose: boolean },
  open: () => DataSource,
): void {
  test(
    `rules: ${count} random writes to ${name} do what the user may do, and no more (seed ${seed})`,
    { timeout: testMsMax },
    async () => {
      for (let number = 0; number * writesPerBatch < count; number += 1) {
        const random = createRandom(seed, 1, number);
        // oxlint-disable-next-line no-await-in-loop
        const finding = await runBatch(open(), `writes_${seed}_${number}`, random, isLoose);
        expect(finding, `batch ${number} of seed ${seed}\n${finding ?? ""}`).toBeUndefined();
      }
    },
  );
}

onBothSources((name, open) => {
  describe(`on ${name}`, () => {
    let opened: Opened;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(async () => {
      await opened.close();
    });
    const isMongodb = name === "MongoDB";
    const count = isMongodb ? cases / 20 : cases;
    describeWrites(name, { count, isLoose: isMongodb }, () => opened.source);
  });
});
