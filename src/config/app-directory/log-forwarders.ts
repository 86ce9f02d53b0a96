/** `log_forwarders/NAME.json`: which log entries go where. */
import { Type } from "@sinclair/typebox";
import type { LogForwarderConfig } from "../app-config.ts";
import { type Codec, readPart } from "./codec.ts";
import { fieldOf, type JsonInput } from "./json-node.ts";
import type { Reading } from "./reading.ts";
import { at, show } from "./report.ts";
import { mustBe } from "./root.ts";
import { functionName, ids, maybe, nonEmpty, oneOf, serviceName, strict } from "./schema.ts";

const logTypes = [
  "auth",
  "endpoint",
  "function",
  "graphql",
  "push",
  "schema",
  "service",
  "sync",
  "trigger",
  "trigger_error_handler",
] as const;

const schema = Type.Object(
  {
    ...ids,
    name: serviceName,
    disabled: maybe(Type.Boolean()),
    log_types: Type.Array(oneOf(logTypes), { minItems: 1, description: "a list of log types" }),
    log_statuses: Type.Array(oneOf(["error", "success"]), {
      minItems: 1,
      description: 'a list of "error", "success" or both',
    }),
    policy: Type.Object({ type: oneOf(["single", "batch"]) }, strict),
    action: Type.Object(
      {
        type: oneOf(["collection", "function"]),
        name: maybe(functionName),
        data_source: maybe(nonEmpty),
        database: maybe(nonEmpty),
        collection: maybe(nonEmpty),
      },
      strict,
    ),
  },
  strict,
);

export const logForwarderCodec: Codec<typeof schema, LogForwarderConfig> = {
  schema,
  verbatim: new Set(),
  read(wire, origin, report) {
    const { action } = wire;
    const must = (field: "name" | "data_source" | "database" | "collection"): string => {
      const value = action[field];
      if (value === undefined)
        report.wrong(
          at(origin, "action", field),
          `a text, since the action is "${action.type}"`,
          show(fieldOf(fieldOf(origin.expanded, "action"), field)),
        );
      return value ?? "";
    };
    return {
      name: wire.name,
      disabled: wire.disabled ?? false,
      logTypes: wire.log_types,
      logStatuses: wire.log_statuses,
      policy: wire.policy.type,
      action:
        action.type === "function"
          ? { type: "function", name: must("name") }
          : {
              type: "collection",
              dataSource: must("data_source"),
              database: must("database"),
              collection: must("collection"),
            },
      origin,
    };
  },
  write: (forwarder) => ({
    name: forwarder.name,
    log_types: [...forwarder.logTypes],
    log_statuses: [...forwarder.logStatuses],
    policy: { type: forwarder.policy },
    action: writeAction(forwarder.action),
    disabled: forwarder.disabled,
  }),
};

function writeAction(action: LogForwarderConfig["action"]): JsonInput {
  if (action.type === "function") return { type: action.type, name: action.name };
  const { type, dataSource, database, collection } = action;
  return { type, data_source: dataSource, database, collection };
}

export function readLogForwarders(reading: Reading): readonly LogForwarderConfig[] {
  const byName = new Map<string, LogForwarderConfig>();
  for (const path of reading.below("log_forwarders")) {
    if (!path.endsWith(".json")) continue;
    const file = reading.json(path);
    if (file === undefined || !mustBe(reading, file, "object")) continue;
    reading.claim(path);
    const forwarder = readPart(logForwarderCodec, reading, file, file.root);
    if (forwarder === undefined) continue;
    const former = byName.get(forwarder.name);
    if (former === undefined) byName.set(forwarder.name, forwarder);
    else
      reading.report.wrong(
        { file, path: ["name"] },
        "a name that no other log forwarder has",
        `"${forwarder.name}", as in ${former.origin?.file.path ?? ""}`,
      );
  }
  return [...byName.values()];
}
