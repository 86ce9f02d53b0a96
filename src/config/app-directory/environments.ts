/** `environments/NAME.json`: values that differ from environment to environment. */
import { Type } from "@sinclair/typebox";
import type { Value } from "../../bson/value.ts";
import type { EnvironmentConfig, EnvironmentName, Origin } from "../app-config.ts";
import { type Codec, fromValue, readPart, valueAt } from "./codec.ts";
import { stemOf } from "./file-name.ts";
import { fieldOf, fieldsOf, objectNode } from "./json-node.ts";
import type { Files, Reading } from "./reading.ts";
import type { Reporter } from "./report.ts";
import { toEnvironment } from "./root.ts";
import { maybe, strict } from "./schema.ts";
import type { TemplateValues } from "./template.ts";

const schema = Type.Object(
  { values: maybe(Type.Object({}, { additionalProperties: true })) },
  strict,
);

export const environmentCodec: Codec<typeof schema, EnvironmentConfig> = {
  schema,
  verbatim: new Set(["values"]),
  read: (_, origin, report) => ({ values: readValues(origin, report), origin }),
  write: (environment) => ({
    values: objectNode(
      new Map(
        [...environment.values].flatMap(([name, value]) => {
          const node = fromValue(value);
          return node === undefined ? [] : [[name, node] as const];
        }),
      ),
    ),
  }),
};

function readValues(origin: Origin, report: Reporter): ReadonlyMap<string, Value> {
  const values = new Map<string, Value>();
  for (const name of fieldsOf(fieldOf(origin.expanded, "values")).keys()) {
    const value = valueAt(origin, ["values", name], report);
    if (value !== undefined) values.set(name, value);
  }
  return values;
}

/** `no-environment` for `""`. */
export function environmentFile(name: EnvironmentName): string {
  return `environments/${name === "" ? "no-environment" : name}.json`;
}

/** What templates are filled with, from the raw file: it is needed before the parts are read. */
export function templateValues(files: Files, tag: EnvironmentName): TemplateValues {
  const file = environmentFile(tag);
  return { tag, file, values: fieldsOf(fieldOf(files.json(file)?.root, "values")) };
}

export function readEnvironments(
  reading: Reading,
): ReadonlyMap<EnvironmentName, EnvironmentConfig> {
  const environments = new Map<EnvironmentName, EnvironmentConfig>();
  for (const path of reading.below("environments")) {
    const name = toEnvironment(stemOf(path));
    if (name === undefined || path !== environmentFile(name)) {
      reading.report.warn(
        { file: path, path: [] },
        "no environment of an app (no-environment, development, testing, qa, production); kept and not used",
      );
      continue;
    }
    const file = reading.json(path);
    if (file === undefined) continue;
    reading.claim(path);
    const environment = readPart(environmentCodec, reading, file, file.root);
    if (environment !== undefined) environments.set(name, environment);
  }
  return environments;
}
