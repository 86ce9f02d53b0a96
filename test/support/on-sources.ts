import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { play, type Scenario } from "./scenario.ts";
import { startServer, type TestServer } from "./server.ts";

/** Each with a title: a sentence in the present tense. */
export type Rows = readonly (readonly [title: string, scenario: Scenario])[];

/** Plays every row on the embedded store, and on MongoDB where there is one. */
export function describeOnSources(subject: string, rows: Rows): void {
  describeRows(`${subject} on the embedded store`, rows, () => ({}));
  const uri = inject("mongodUri");
  describe.skipIf(uri === null)("with MongoDB", () => {
    describeRows(`${subject} on MongoDB`, rows, () => ({ source: `mongodb-atlas=${uri}` }));
  });
}

/** Plays every row on one server. @param flags settings that differ from the default */
export function describeRows(
  subject: string,
  rows: Rows,
  flags: () => Readonly<Record<string, unknown>>,
): void {
  describe(subject, () => {
    let server: TestServer;
    let count = 0;
    beforeAll(async () => {
      server = await startServer(flags());
    });
    afterAll(async () => {
      await server.close();
    });
    test.for(rows)("%s", async ([, scenario]) => {
      count += 1;
      const { actual, wanted } = await play(server, scenario, `c${count}`);
      expect(actual).toEqual(wanted);
    });
  });
}
