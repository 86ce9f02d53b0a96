/** `values/NAME.json`: values of the app, plain ones and such that stand for a secret. */
import { type Static, Type } from "@sinclair/typebox";
import type { Origin, ValueConfig } from "../app-config.ts";
import { type Codec, fromValue, readPart, valueAt } from "./codec.ts";
import { fieldOf, textOf } from "./json-node.ts";
import type { Reading } from "./reading.ts";
import { at, type Reporter, show } from "./report.ts";
import { anything, ids, maybe, secretName, strict, valueName } from "./schema.ts";

const schema = Type.Object(
  {
    ...ids,
    name: valueName,
    from_secret: maybe(Type.Boolean()),
    private: maybe(Type.Boolean()),
    value: anything(),
  },
  strict,
);

export const valueCodec: Codec<typeof schema, ValueConfig> = {
  schema,
  verbatim: new Set(),
  read(wire, origin, report) {
    const common = { name: wire.name, private: wire.private ?? false, origin };
    if (wire.from_secret === true) {
      const name = readSecretName(wire, origin, report);
      return name === undefined ? undefined : { ...common, kind: "secret", secretName: name };
    }
    const value = valueAt(origin, ["value"], report);
    if (value === undefined && fieldOf(origin.expanded, "value") === undefined)
      report.wrong(at(origin, "value"), "a value", "nothing");
    return value === undefined ? undefined : { ...common, kind: "plain", value };
  },
  write: (value) => ({
    name: value.name,
    value: value.kind === "secret" ? value.secretName : fromValue(value.value),
    from_secret: value.kind === "secret",
    private: value.private ? true : undefined,
  }),
};

function readSecretName(
  { value }: Static<typeof schema>,
  origin: Origin,
  report: Reporter,
): string | undefined {
  if (typeof value === "string" && new RegExp(secretName.pattern ?? "").test(value)) return value;
  const found = fieldOf(origin.expanded, "value");
  // Not shown: it may be the secret itself.
  const shown =
    found?.kind === "text" ? `another text, of ${found.value.length} characters` : show(found);
  report.wrong(at(origin, "value"), secretName.description ?? "", shown);
  return undefined;
}

export function readValueConfigs(reading: Reading): ReadonlyMap<string, ValueConfig> {
  const values = new Map<string, ValueConfig>();
  for (const path of reading.below("values")) {
    if (!path.endsWith(".json")) {
      reading.report.warn({ file: path, path: [] }, "no JSON file; kept and not used");
      continue;
    }
    const file = reading.json(path);
    if (file === undefined) continue;
    reading.claim(path);
    const value = readPart(valueCodec, reading, file, file.root);
    if (value === undefined) continue;
    const former = values.get(value.name);
    if (former?.origin !== undefined && value.origin !== undefined)
      reading.report.wrong(
        at(value.origin, "name"),
        "a name that no other value has",
        `${JSON.stringify(textOf(fieldOf(value.origin.expanded, "name")))}, as in ${former.origin.file.path}`,
      );
    else values.set(value.name, value);
  }
  return values;
}
