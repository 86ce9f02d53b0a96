/**
 * The judge on the command line: generates cases, runs them on the embedded store and on a MongoDB, prints what
 * differs as rows for `found.jsonl`.
 *
 * `npm run differential -- --seed N --cases N --only FAMILY --minutes M --show N --wording --order --coverage`
 *
 * @module
 */
import { parseArgs } from "node:util";
import { startMongod } from "../support/mongod.ts";
import { families } from "./case.ts";
import { openScratchSource } from "./scratch-source.ts";
import { openJudgingServer } from "./server.ts";
import { kindOfFinding, printFinding, runDifferential } from "./run.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    cases: { type: "string", default: "20000" },
    minutes: { type: "string", default: "60" },
    only: { type: "string" },
    show: { type: "string", default: "20" },
    wording: { type: "boolean", default: false },
    order: { type: "boolean", default: false },
    coverage: { type: "boolean", default: false },
  },
});

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
const seed = Number(values.seed);
const mongod = await startMongod();
const mongodb = await openJudgingServer(mongod.uri);
const embedded = await openScratchSource();
const database = `hd_differential_${process.pid}`;
const shown = new Map<string, number>();
const startedAt = performance.now();
print(`seed ${seed}`);
try {
  const report = await runDifferential(embedded, mongodb, database, {
    seed,
    cases: Number(values.cases),
    msMax: Number(values.minutes) * 60_000,
    only: families.filter((each) => values.only === undefined || values.only.includes(each)),
    shrinksMax: 10 * Number(values.show),
    everyWording: values.wording,
    onFinding(finding) {
      if (finding.difference === "order" && !values.order) return;
      const kind = kindOfFinding(finding);
      const count = (shown.get(kind) ?? 0) + 1;
      shown.set(kind, count);
      if (count === 1 && shown.size <= Number(values.show)) print(printFinding(finding));
    },
  });
  const { cases, answered, known } = report.tally;
  const seconds = (performance.now() - startedAt) / 1000;
  print(
    `${cases} cases, ${answered} of them answered with documents, in ${seconds.toFixed(1)} s; ` +
      `${report.findings.length} differences of ${shown.size} kinds; seed ${seed}`,
  );
  print(`${report.ordered.length} times each side told another one of two failures`);
  for (const [reason, count] of known) print(`known, ${count} times: ${reason}`);
  if (values.coverage) {
    const rarestFirst = [...report.coverage.counts].toSorted((left, right) => left[1] - right[1]);
    print(rarestFirst.map(([name, count]) => `${name} ${count}`).join(", "));
  }
  process.exitCode = report.findings.length === 0 ? 0 : 1;
} finally {
  await embedded.close();
  await mongodb.dropDatabase(database);
  await mongodb.close();
  await mongod.close();
}
