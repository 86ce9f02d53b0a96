import { expect, test } from "vitest";
import * as samples from "../../test/support/app-samples.ts";
import { readAppDirectory, writeAppDirectory } from "./app-directory.ts";
import { toExportPayload } from "./export-payload.ts";
import { readImportPayload } from "./import-payload.ts";

const directories = Object.entries(samples).filter(
  (each): each is [string, samples.Sample] =>
    typeof each[1] === "object" && !Array.isArray(each[1]),
);

/** Of the root file: what the import leaves to the server. */
const rootOnly = new Set(["provider_region", "sync"]);

/** Neither is there room for it in the object, nor did the original take it. */
const isLeftOut = (path: string): boolean =>
  /^(?:hosting|services)\/|^http_endpoints\/[^/]+\/|^functions\/.*(?<!\.js|\/config\.json)$/.test(
    path,
  );

function readJson(text: string): unknown {
  return JSON.parse(text, (name, value: unknown) => (rootOnly.has(name) ? undefined : value));
}

function shown(files: ReadonlyMap<string, Uint8Array>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    [...files]
      .filter(([path]) => !isLeftOut(path))
      .map(([path, bytes]) => {
        const text = Buffer.from(bytes).toString("utf8");
        return [path, path.endsWith(".json") ? readJson(text) : text];
      }),
  );
}

test.for(directories)("export payload: %s becomes the same directory again", ([, sample]) => {
  const { app } = readAppDirectory(samples.toFiles(sample));
  const files = writeAppDirectory(app, { version: 20210101 });
  const again = readImportPayload(toExportPayload(files), app).files;
  expect(shown(again)).toEqual(shown(files));
});
