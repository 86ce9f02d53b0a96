/** `auth/custom_user_data.json`; before 20210101 the field `custom_user_data_config` of the root file. */
import { Type } from "@sinclair/typebox";
import type { CustomUserDataConfig } from "../app-config.ts";
import { type Codec, readPart } from "./codec.ts";
import { given } from "./given.ts";
import { fieldOf, type JsonFile, textOf } from "./json-node.ts";
import type { Reading } from "./reading.ts";
import { at, show } from "./report.ts";
import { mustBe } from "./root.ts";
import { anything, functionNameOrNone, maybe, strict } from "./schema.ts";

const schema = Type.Object(
  {
    enabled: maybe(Type.Boolean()),
    mongo_service_name: maybe(Type.String()),
    mongo_service_id: anything(),
    database_name: maybe(Type.String()),
    collection_name: maybe(Type.String()),
    user_id_field: maybe(Type.String()),
    on_user_creation_function_name: maybe(functionNameOrNone),
    on_user_creation_function_id: anything(),
  },
  strict,
);

export const customUserDataFile = "auth/custom_user_data.json";

/** @param nameOfId the data source with an id of the original; old directories name it so */
export function customUserDataCodec(
  nameOfId: (id: string) => string | undefined,
): Codec<typeof schema, CustomUserDataConfig> {
  return {
    schema,
    verbatim: new Set(),
    read(wire, origin, report) {
      const enabled = wire.enabled ?? false;
      const id = textOf(fieldOf(origin.expanded, "mongo_service_id"));
      const dataSource = wire.mongo_service_name ?? (id === undefined ? undefined : nameOfId(id));
      const config = {
        enabled,
        dataSource: dataSource ?? "",
        database: wire.database_name ?? "",
        collection: wire.collection_name ?? "",
        userIdField: wire.user_id_field ?? "",
        ...given("creationFunction", wire.on_user_creation_function_name || undefined),
        origin,
      };
      const needed = [
        ["mongo_service_name", config.dataSource, "the name of a data source"],
        ["database_name", config.database, "the name of a database"],
        ["collection_name", config.collection, "the name of a collection"],
        ["user_id_field", config.userIdField, "the name of the field that holds the user's id"],
      ] as const;
      for (const [field, value, expected] of needed)
        if (enabled && value === "")
          report.wrong(at(origin, field), expected, show(fieldOf(origin.expanded, field)));
      return config;
    },
    write: (config) => ({
      enabled: config.enabled,
      mongo_service_name: config.dataSource || undefined,
      database_name: config.database || undefined,
      collection_name: config.collection || undefined,
      user_id_field: config.userIdField || undefined,
      on_user_creation_function_name: config.creationFunction,
    }),
  };
}

export function readCustomUserData(
  reading: Reading,
  root: JsonFile | undefined,
  options: {
    readonly isLegacy: boolean;
    readonly nameOfId: (id: string) => string | undefined;
  },
): CustomUserDataConfig | undefined {
  const codec = customUserDataCodec(options.nameOfId);
  if (options.isLegacy) {
    const node = fieldOf(root?.root, "custom_user_data_config");
    if (root === undefined || node === undefined || node.kind === "null") return undefined;
    return readPart(codec, reading, root, node, ["custom_user_data_config"]);
  }
  const file = reading.json(customUserDataFile);
  if (file === undefined || !mustBe(reading, file, "object")) return undefined;
  reading.claim(file.path);
  return readPart(codec, reading, file, file.root);
}
