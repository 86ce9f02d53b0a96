/** `data_api_config.json`, beside the endpoints or, before 20210101, in the root: the generated actions. */
import { Type } from "@sinclair/typebox";
import type { DataApiConfig, Layout, Origin } from "../app-config.ts";
import { dataApiVersions } from "../data-api-versions.ts";
import { type Codec, expressionAt, fromValue, readPart } from "./codec.ts";
import { readValidation, validationFields } from "./endpoints.ts";
import { given } from "./given.ts";
import { fieldsOf } from "./json-node.ts";
import type { Reading } from "./reading.ts";
import { at, type Reporter } from "./report.ts";
import { isLegacy, mustBe } from "./root.ts";
import { readRunAs, runAsFields, writeRunAs } from "./run-as.ts";
import { expression, ids, maybe, oneOf, strict } from "./schema.ts";

const schema = Type.Object(
  {
    ...ids,
    disabled: maybe(Type.Boolean()),
    versions: maybe(Type.Array(oneOf(dataApiVersions))),
    return_type: maybe(oneOf(["JSON", "EJSON", ""])),
    ...runAsFields,
    run_as_authed_user: maybe(Type.Boolean()),
    can_evaluate: maybe(expression()),
    log_function_arguments: maybe(Type.Boolean()),
    ...validationFields,
    fetch_custom_user_data: maybe(Type.Boolean()),
    create_user_on_auth: maybe(Type.Boolean()),
  },
  strict,
);

export const dataApiCodec: Codec<typeof schema, DataApiConfig> = {
  schema,
  verbatim: new Set(["can_evaluate", "run_as_user_id_script_source"]),
  read: (wire, origin, report) => ({
    disabled: wire.disabled ?? false,
    versions: readVersions(wire.versions ?? [], origin, report),
    returnType: wire.return_type || "JSON",
    runAs: readRunAs(wire, origin, report),
    ...given("canEvaluate", expressionAt(origin, ["can_evaluate"], report)),
    ...readValidation(wire, origin, report),
    fetchCustomUserData: wire.fetch_custom_user_data ?? false,
    createUserOnAuth: wire.create_user_on_auth ?? false,
    logFunctionArguments: wire.log_function_arguments ?? false,
    origin,
  }),
  write: (config) => ({
    disabled: config.disabled,
    versions: [...config.versions],
    return_type: config.returnType,
    ...writeRunAs(config.runAs),
    can_evaluate: fromValue(config.canEvaluate),
    log_function_arguments: config.logFunctionArguments,
    validation_method: config.validationMethod,
    secret_name: config.secretName,
    fetch_custom_user_data: config.fetchCustomUserData,
    create_user_on_auth: config.createUserOnAuth,
  }),
};

function readVersions(
  versions: readonly (typeof dataApiVersions)[number][],
  origin: Origin,
  report: Reporter,
): readonly string[] {
  const ranks = versions.map((version) => dataApiVersions.indexOf(version));
  const index = ranks.findIndex((rank, place) => place > 0 && rank <= (ranks[place - 1] as number));
  if (index >= 0)
    report.wrong(
      at(origin, "versions", index),
      `versions in ascending order (${dataApiVersions.join(", ")}), each once`,
      `"${versions[index] ?? ""}" after "${versions[index - 1] ?? ""}"`,
    );
  return versions;
}

export function dataApiFile(layout: Layout): string {
  return isLegacy(layout)
    ? "data_api_config.json"
    : `${layout.endpointsFolder}/data_api_config.json`;
}

export function readDataApi(reading: Reading, layout: Layout): DataApiConfig | undefined {
  const file = reading.json(dataApiFile(layout));
  if (file === undefined || !mustBe(reading, file, "object")) return undefined;
  // An empty object is a configuration that nobody has made yet.
  if (fieldsOf(file.root).size === 0) return undefined;
  reading.claim(file.path);
  const config = readPart(dataApiCodec, reading, file, file.root);
  if (config !== undefined && !config.disabled && config.versions.length === 0)
    reading.report.warn(
      { file, path: ["versions"] },
      "no version, so no action of the Data API can be called",
    );
  return config;
}
