/** `triggers/NAME.json`. Scheduled triggers can run; the others are kept. */
import { type Static, Type } from "@sinclair/typebox";
import type { Origin, TriggerConfig } from "../app-config.ts";
import { type Codec, docAt, fromValue, readPart } from "./codec.ts";
import { given } from "./given.ts";
import { fieldOf, type JsonMembers, textOf } from "./json-node.ts";
import type { Reading } from "./reading.ts";
import { at, type Reporter, show } from "./report.ts";
import { mustBe } from "./root.ts";
import { anything, functionName, ids, maybe, oneOf, serviceName, strict } from "./schema.ts";
import { Doc } from "../../bson/doc.ts";
import { parseSchedule } from "../schedule.ts";

const schema = Type.Object(
  {
    ...ids,
    name: serviceName,
    type: oneOf(["DATABASE", "AUTHENTICATION", "SCHEDULED"]),
    disabled: maybe(Type.Boolean()),
    config: maybe(Type.Unsafe<object>({ type: "object" })),
    function_name: maybe(functionName),
    function_id: anything(),
    event_processors: maybe(
      Type.Object(
        {
          FUNCTION: maybe(
            Type.Object(
              {
                config: Type.Object(
                  { function_name: functionName, function_id: anything() },
                  strict,
                ),
              },
              strict,
            ),
          ),
          AWS_EVENTBRIDGE: anything(),
        },
        strict,
      ),
    ),
    error_handler: anything(),
  },
  strict,
);

type Wire = Static<typeof schema>;

export const triggerCodec: Codec<typeof schema, TriggerConfig> = {
  schema,
  verbatim: new Set(),
  read(wire, origin, report) {
    const schedule = wire.type === "SCHEDULED" ? readSchedule(origin, report) : undefined;
    const processor = wire.event_processors?.FUNCTION?.config.function_name;
    const named = processor ?? wire.function_name;
    if (named === undefined && wire.event_processors?.AWS_EVENTBRIDGE === undefined)
      report.wrong(
        at(origin, ...functionPath(wire)),
        "the name of a function",
        show(fieldOf(origin.expanded, "function_name")),
      );
    return {
      name: wire.name,
      type: wire.type,
      disabled: wire.disabled ?? false,
      ...given("functionName", named),
      ...given("schedule", schedule),
      config: docAt(origin, ["config"], report) ?? Doc.empty,
      origin,
    };
  },
  write: (trigger) => ({
    name: trigger.name,
    type: trigger.type,
    config: fromValue(
      trigger.schedule === undefined
        ? trigger.config
        : trigger.config.with("schedule", trigger.schedule),
    ),
    disabled: trigger.disabled,
    ...writeFunction(trigger),
  }),
};

/** Where a trigger names its function. */
export function functionPath(wire: Pick<Wire, "event_processors">): readonly string[] {
  return wire.event_processors?.FUNCTION === undefined
    ? ["function_name"]
    : ["event_processors", "FUNCTION", "config", "function_name"];
}

function writeFunction({ functionName: named, origin }: TriggerConfig): JsonMembers {
  if (named === undefined) return {};
  // Older directories name it at the top; there it stays.
  if (fieldOf(origin?.node, "function_name") !== undefined) return { function_name: named };
  return { event_processors: { FUNCTION: { config: { function_name: named } } } };
}

function readSchedule(origin: Origin, report: Reporter): string | undefined {
  const node = fieldOf(fieldOf(origin.expanded, "config"), "schedule");
  const schedule = textOf(node);
  const parsed = schedule === undefined ? undefined : parseSchedule(schedule);
  if (parsed !== undefined && "matches" in parsed) return schedule;
  report.wrong(
    at(origin, "config", "schedule"),
    parsed?.expected ?? "a CRON expression of five fields",
    parsed?.found ?? show(node),
  );
  return undefined;
}

export function readTriggers(reading: Reading): readonly TriggerConfig[] {
  const triggers: TriggerConfig[] = [];
  const fileOfName = new Map<string, string>();
  for (const path of reading.below("triggers")) {
    if (!path.endsWith(".json")) continue;
    const file = reading.json(path);
    if (file === undefined || !mustBe(reading, file, "object")) continue;
    reading.claim(path);
    const trigger = readPart(triggerCodec, reading, file, file.root);
    if (trigger === undefined) continue;
    triggers.push(trigger);
    const former = fileOfName.get(trigger.name);
    // Found in real directories: the original replaced by name, so that one of the two was left.
    if (former !== undefined)
      reading.report.warn(
        { file, path: ["name"] },
        `"${trigger.name}" is the name of ${former} too`,
      );
    fileOfName.set(trigger.name, path);
    if (trigger.type !== "SCHEDULED" && !trigger.disabled)
      reading.report.warn(
        { file, path: ["type"] },
        `${trigger.type === "DATABASE" ? "database" : "authentication"} triggers are kept and do not run: "${trigger.name}" never fires`,
      );
  }
  return triggers;
}
