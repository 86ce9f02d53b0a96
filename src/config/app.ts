/** An app as it stands in the internal database, and the documents it is kept in. */
import { Doc } from "../bson/doc.ts";
import { DateTime, isArray, ObjectId, type Value } from "../bson/value.ts";
import { type AccessEntry, readAccessDocs, toAccessDocs } from "./access-list.ts";
import { type AppLimits, readLimitsDoc, toLimitsDoc } from "./app-limits.ts";

/** What a data source allows through the Data API, whatever rules say besides. */
export type Permission = "readWrite" | "readOnly" | "noAccess";

export const permissions: readonly Permission[] = ["readWrite", "readOnly", "noAccess"];

/** The name of the store in the data directory. */
export const embeddedStore = "embedded";

export interface DataSourceLink {
  /** 24 hex digits. */
  readonly id: string;
  /** What clients send as `dataSource`. */
  readonly name: string;
  /** Which of the server's stores it leads to; `embeddedStore` or the name of a `--source`. */
  readonly store: string;
  readonly permission: Permission;
}

export interface DataApi {
  readonly disabled: boolean;
  /** Those that may be called, e.g. `v1`. */
  readonly versions: ReadonlySet<string>;
  /** The format of an answer when the request names none. */
  readonly returnType: "JSON" | "EJSON";
}

export interface App {
  /** 24 hex digits: the `_id` of the admin API. */
  readonly id: string;
  /** What stands in URLs: `name-abcde`. */
  readonly clientAppId: string;
  readonly name: string;
  readonly dataSources: ReadonlyMap<string, DataSourceLink>;
  readonly dataApi: DataApi;
  /** Browser origins that may call; empty: all. */
  readonly allowedOrigins: readonly string[];
  /** The deployment that is live: 24 hex digits; absent until there was a push. */
  readonly deployment?: string;
  /** `""` is the environment of an app that names none. */
  readonly environment?: string;
  /** As in `US-VA`. */
  readonly location?: string;
  readonly deploymentModel?: "GLOBAL" | "LOCAL";
  /** Whether it has triggers that run by the clock; absent where that was not looked at. */
  readonly hasSchedules?: boolean;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** The packages of its functions: 64 hex digits; absent: none. */
  readonly dependencies?: string | undefined;
  /** Bounds in place of the server's; absent: none. */
  readonly limits?: AppLimits | undefined;
  /** Whether null stands for a value of any type in optional fields of schemas. */
  readonly allowsNullTypes?: boolean | undefined;
  /** From where it may be called; absent: from everywhere. */
  readonly accessList?: readonly AccessEntry[] | undefined;
  /** Counts the changes, so that two nodes do not undo each other's. */
  readonly version: number;
}

export function toAppDoc(app: App): Doc {
  return Doc.of({
    _id: ObjectId.fromHex(app.id),
    client_app_id: app.clientAppId,
    name: app.name,
    data_sources: [...app.dataSources.values()].map((link) =>
      Doc.of({
        _id: ObjectId.fromHex(link.id),
        name: link.name,
        store: link.store,
        permission: link.permission,
      }),
    ),
    data_api: Doc.of({
      disabled: app.dataApi.disabled,
      versions: [...app.dataApi.versions],
      return_type: app.dataApi.returnType,
    }),
    allowed_request_origins: [...app.allowedOrigins],
    ...(app.deployment === undefined ? {} : { deployment: ObjectId.fromHex(app.deployment) }),
    environment: app.environment ?? "",
    ...(app.location === undefined ? {} : { location: app.location }),
    ...(app.deploymentModel === undefined ? {} : { deployment_model: app.deploymentModel }),
    ...(app.hasSchedules === undefined ? {} : { has_schedules: app.hasSchedules }),
    created_at: new DateTime(app.createdAt),
    ...(app.dependencies === undefined ? {} : { dependencies: app.dependencies }),
    ...(app.limits === undefined ? {} : { limits: toLimitsDoc(app.limits) }),
    ...(app.accessList === undefined ? {} : { access_list: toAccessDocs(app.accessList) }),
    ...(app.allowsNullTypes === true ? { null_type_schema_validation: true } : {}),
    version: app.version,
  });
}

/** @throws {TypeError} when a field is missing or of another type: someone else wrote the document */
export function readAppDoc(doc: Doc): App {
  const dataApi = mustDoc(doc.get("data_api"));
  const created = doc.get("created_at");
  return {
    id: mustObjectId(doc.get("_id")),
    clientAppId: mustText(doc.get("client_app_id")),
    name: mustText(doc.get("name")),
    dataSources: new Map(
      mustList(doc.get("data_sources")).map((each) => {
        const link = readLink(mustDoc(each));
        return [link.name, link] as const;
      }),
    ),
    dataApi: {
      disabled: dataApi.get("disabled") === true,
      versions: new Set(mustList(dataApi.get("versions")).map(mustText)),
      returnType: dataApi.get("return_type") === "EJSON" ? "EJSON" : "JSON",
    },
    allowedOrigins: mustList(doc.get("allowed_request_origins")).map(mustText),
    ...readDeployed(doc),
    limits: readLimitsDoc(doc.get("limits")),
    accessList: readAccessDocs(doc.get("access_list")),
    allowsNullTypes: doc.get("null_type_schema_validation") === true,
    createdAt: created instanceof DateTime ? Number(created.ms) : 0,
    version: Number(doc.get("version") ?? 0),
  };
}

type DeployedField =
  | "deployment"
  | "environment"
  | "location"
  | "deploymentModel"
  | "hasSchedules"
  | "dependencies";

/** Absent in an app that was never pushed. */
function readDeployed(doc: Doc): Pick<App, DeployedField> {
  const deployment = doc.get("deployment");
  const environment = doc.get("environment");
  const location = doc.get("location");
  const model = doc.get("deployment_model");
  const hasSchedules = doc.get("has_schedules");
  const dependencies = doc.get("dependencies");
  return {
    ...(deployment instanceof ObjectId && { deployment: deployment.toHex() }),
    ...(typeof environment === "string" && { environment }),
    ...(typeof location === "string" && { location }),
    ...((model === "GLOBAL" || model === "LOCAL") && { deploymentModel: model }),
    ...(typeof hasSchedules === "boolean" && { hasSchedules }),
    ...(typeof dependencies === "string" && { dependencies }),
  };
}

function readLink(doc: Doc): DataSourceLink {
  const permission = doc.get("permission");
  return {
    id: mustObjectId(doc.get("_id")),
    name: mustText(doc.get("name")),
    store: mustText(doc.get("store")),
    // An unknown word must not open anything.
    permission: permissions.find((each) => each === permission) ?? "noAccess",
  };
}

function mustDoc(value: Value | undefined): Doc {
  if (value instanceof Doc) return value;
  throw new TypeError("an app's document lacks an object");
}

function mustList(value: Value | undefined): readonly Value[] {
  if (isArray(value)) return value;
  throw new TypeError("an app's document lacks a list");
}

function mustText(value: Value | undefined): string {
  if (typeof value === "string") return value;
  throw new TypeError("an app's document lacks a text");
}

function mustObjectId(value: Value | undefined): string {
  if (value instanceof ObjectId) return value.toHex();
  throw new TypeError("an app's document lacks an ObjectId");
}
