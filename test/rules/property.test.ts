/**
 * Random roles, documents and reads: what a user gets is what the same request gives over the documents as their role
 * shows them. `PETIOLE_RULE_CASES` and `PETIOLE_RULE_SEED` ask for others; a tenth as many run on MongoDB.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Doc } from "../../src/bson/doc.ts";
import { toText } from "../../src/bson/stringify.ts";
import type { Value } from "../../src/bson/value.ts";
import type { DataSource } from "../../src/sources/source.ts";
import { createRandom, type Random } from "../differential/random.ts";
import { onBothSources, type Opened } from "../support/rule-scenario.ts";
import { type Asker, owners, teams } from "./expression.ts";
import {
  type Answer,
  answerOf,
  expectedOf,
  randomRequest,
  type Request,
  type Seen,
} from "./request.ts";
import { randomRules, type Rules, show, writeRules } from "./role.ts";
import { type HiddenFields, openAs, randomDocument, readConfig } from "./world.ts";

const cases = Number(process.env["PETIOLE_RULE_CASES"] ?? 40_000);
const seed = Number(process.env["PETIOLE_RULE_SEED"] ?? 1);
const requestsPerBatch = 100;
const documentCount = 10;
const testMsMax = 300_000;
const names = ["main", "other"] as const;

async function runBatch(
  source: DataSource,
  database: string,
  random: Random,
  isFromServer: boolean,
): Promise<readonly string[]> {
  const stored = new Map<string, readonly Doc[]>();
  const rules = new Map<string, Rules>();
  for (const name of names) {
    const documents = Array.from({ length: documentCount }, (_, id) => randomDocument(random, id));
    stored.set(name, documents);
    rules.set(name, randomRules(random));
    // oxlint-disable-next-line no-await-in-loop
    await source.collection(database, name).insertMany(documents);
  }
  const hiddenFields: HiddenFields = random.chance(0.2) ? "stored" : "missing";
  const config = readConfig(rules, database, hiddenFields);
  const asker: Asker = { id: random.pick(owners), team: random.pick(teams) };
  const visible = new Map(
    names.map((name) => [
      name as string,
      (stored.get(name) ?? []).flatMap((doc): readonly Seen[] => {
        const shown = show(doc, rules.get(name) as Rules, asker);
        if (shown === undefined) return [];
        return [{ shown, stored: hiddenFields === "stored" ? doc : shown }];
      }),
    ]),
  );
  const open = openAs(asker, { config, source, database });
  const findings: string[] = [];
  for (let index = 0; index < requestsPerBatch; index += 1) {
    const request = randomRequest(random);
    if (isFromServer && hasOrderOfItsOwn(request)) continue;
    // oxlint-disable-next-line no-await-in-loop
    const answer = await answerOf(
      (use) =>
        open(
          use.verb === "aggregate" ? { verb: use.verb, pipeline: use.pipeline } : { verb: "find" },
        ),
      request,
    );
    // oxlint-disable-next-line no-await-in-loop
    const expected = await expectedOf(visible, request);
    const isClosed = "code" in answer && answer.code === "NoMatchingRuleFound";
    // A namespace in which nobody has a role is closed, which tells nothing of what it holds.
    if (isClosed && [...visible.values()].some((docs) => docs.length === 0)) continue;
    if (comparable(answer, isFromServer) !== comparable(expected, isFromServer))
      findings.push(
        describeFinding({ request, answer, expected, rules, asker, stored, hiddenFields }),
      );
    if (findings.length > 0) break;
  }
  await source.dropDatabase(database);
  return findings;
}

/** A server gives groups, and documents that are equal to a sort, in an order of its own. */
function hasOrderOfItsOwn(request: Request): boolean {
  if (request.verb === "find") return request.sort?.has("_id") === false;
  if (request.verb !== "aggregate") return false;
  return /"\$group"|"\$sort":\{(?![^}]*"_id")/.test(toText(request.pipeline, "relaxed"));
}

/** Failures are the same when their codes are. A server's projections may order fields in another way. */
function comparable(answer: Answer, isFromServer: boolean): string {
  if ("code" in answer) return answer.code;
  return isFromServer
    ? JSON.stringify(answer.found.map((each) => sorted(JSON.parse(each))))
    : JSON.stringify(answer.found);
}

function sorted(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(sorted);
  if (typeof json !== "object" || json === null) return json;
  const fields = Object.entries(json).map(([name, value]) => [name, sorted(value)] as const);
  return Object.fromEntries(fields.toSorted(([left], [right]) => (left < right ? -1 : 1)));
}

function describeFinding(finding: {
  readonly request: Request;
  readonly answer: unknown;
  readonly expected: unknown;
  readonly rules: ReadonlyMap<string, Rules>;
  readonly asker: Asker;
  readonly stored: ReadonlyMap<string, readonly Doc[]>;
  readonly hiddenFields: HiddenFields;
}): string {
  const { request, answer, expected, rules, asker, stored, hiddenFields } = finding;
  const shown = Object.entries(request).map(([name, value]) =>
    typeof value === "object" ? `${name} ${toText(value as Value, "relaxed")}` : `${name} ${value}`,
  );
  return [
    `request   ${shown.join(", ")}`,
    `gives     ${JSON.stringify(answer)}`,
    `expected  ${JSON.stringify(expected)}`,
    `asker     ${JSON.stringify(asker)}; hidden fields are ${hiddenFields}`,
    ...[...rules].map(([name, own]) => `rules of ${name}: ${JSON.stringify(writeRules(own))}`),
    ...[...stored].map(([name, docs]) => `${name}: ${toText(docs, "relaxed")}`),
  ].join("\n");
}

function describeReads(
  name: string,
  { count, isFromServer }: { readonly count: number; readonly isFromServer: boolean },
  open: () => DataSource,
): void {
  test(
    `rules: ${count} random reads of ${name} see what the user may see, and no more (seed ${seed})`,
    { timeout: testMsMax },
    async () => {
      for (let number = 0; number * requestsPerBatch < count; number += 1) {
        const random = createRandom(seed, 0, number);
        // oxlint-disable-next-line no-await-in-loop
        const findings = await runBatch(open(), `property_${seed}_${number}`, random, isFromServer);
        expect(findings.length, `batch ${number} of seed ${seed}\n${findings.join("\n")}`).toBe(0);
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
    const count = isMongodb ? cases / 10 : cases;
    describeReads(name, { count, isFromServer: isMongodb }, () => opened.source);
  });
});
