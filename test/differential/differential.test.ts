import { afterAll, beforeAll, expect, test } from "vitest";
import type { DataSource } from "../../src/sources/source.ts";
import { describeOnMongod } from "../support/shared-mongod.ts";
import { openScratchSource } from "./scratch-source.ts";
import { otherwiseOptimized } from "./known.ts";
import { openJudgingServer } from "./server.ts";
import { signatures } from "./generate/signature.ts";
import { specials } from "./generate/special.ts";
import { stages } from "./generate/stage.ts";
import { kindOfFinding, printFinding, type Report, runDifferential } from "./run.ts";

const seed = Number(process.env["PETIOLE_DIFFERENTIAL_SEED"] ?? 1);
const cases = Number(process.env["PETIOLE_DIFFERENTIAL_CASES"] ?? 24_000);
/** The share of cases that the server's optimizer, and two faults at once, may each explain. */
const broadShareMax = 0.002;
/** Cases that an operator or stage appears in at least. */
const timesMin = cases / 120;

const geoOperators =
  `$geoWithin $geoIntersects $near $nearSphere $geoNear $geometry $box $center $centerSphere $polygon
  $minDistance $maxDistance`.split(/\s+/);
const textOperators = ["$text", "$search", "$language", "$caseSensitive", "$diacriticSensitive"];

describeOnMongod(
  `the embedded store answers as MongoDB does, seed ${seed}`,
  ({ uri, database }) => {
    let embedded: DataSource;
    let mongodb: DataSource;
    let report: Report;

    beforeAll(async () => {
      mongodb = await openJudgingServer(uri);
      embedded = await openScratchSource();
      report = await runDifferential(embedded, mongodb, database, {
        seed,
        cases,
        shrinksMax: 200,
      });
    }, 600_000);
    afterAll(async () => {
      await embedded.close();
      await mongodb.dropDatabase(database);
      await mongodb.close();
    });

    test("every case ends alike on both", () => {
      const kinds = new Map(report.findings.map((each) => [kindOfFinding(each), each]));
      expect([...kinds.values()].map(printFinding).join("\n")).toBe("");
      expect(report.tally.cases).toBeGreaterThanOrEqual(cases);
    });

    test("few cases are put down to the optimizer and to the order of faults", () => {
      const optimized = report.tally.known.get(otherwiseOptimized) ?? 0;
      for (const count of [optimized, report.ordered.length])
        expect(count).toBeLessThanOrEqual(cases * broadShareMax);
    });

    test("every operator and stage has its share of the cases", () => {
      const names = [
        ...signatures.keys(),
        ...specials.keys(),
        ...stages.keys(),
        ...geoOperators,
        ...textOperators,
      ];
      const rare = names.filter((each) => (report.coverage.counts.get(each) ?? 0) < timesMin);
      expect(rare).toEqual([]);
    });
  },
);
