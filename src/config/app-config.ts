/**
 * An app as its directory describes it: typed, immutable, the same whatever version the directory was written in.
 *
 * What is not typed here (unknown fields, parts that are out of scope) stays in `origin` and `files`, so that nothing is
 * lost when the app is written again. To change an app, make a new one: `{ ...app, endpoints: [...] }`.
 */
import type { Doc } from "../bson/doc.ts";
import type { Value } from "../bson/value.ts";
import type { JsonFile, JsonNode, JsonPath } from "./app-directory/json-node.ts";

/** The format of a directory, by the date from which the original wrote it. */
export type ConfigVersion = 20180301 | 20200603 | 20210101 | 20230101;

/** `""` is the environment of an app that names none; its file is `no-environment.json`. */
export type EnvironmentName = "" | "development" | "testing" | "qa" | "production";

export const environmentNames: readonly EnvironmentName[] = [
  "",
  "development",
  "testing",
  "qa",
  "production",
];

/** `true`, `false` or an object; the order of its fields is kept. Not yet compiled, and never a template. */
export type Expression = boolean | Doc;

/** Where a part was read from; absent in a part that was made since. */
export interface Origin {
  readonly file: JsonFile;
  readonly path: JsonPath;
  /** As it stands in the file. */
  readonly node: JsonNode;
  /** With `%(%%environment.…)` replaced. */
  readonly expanded: JsonNode;
}

export interface AppConfig {
  /** How the directory is, and will again be, laid out. */
  readonly layout: Layout;
  /** `name-abcde`; directories of version 20230101 hold none. */
  readonly appId: string | undefined;
  /** Empty in templates, which leave it to whoever makes an app of them. */
  readonly name: string;
  readonly environment: EnvironmentName;
  readonly deploymentModel: "GLOBAL" | "LOCAL" | undefined;
  /** As in `US-VA`. */
  readonly location: string | undefined;
  /** As in `aws-us-east-1`. */
  readonly providerRegion: string | undefined;
  /** Browser origins that may call; empty: all. */
  readonly allowedOrigins: readonly string[];
  /**
   * What filters and sorts of users see of fields that their roles hide. `missing`, where it is absent: nothing, as if
   * they were not there; `stored`, as in the original: all, before they are hidden.
   */
  readonly hiddenFields?: "missing" | "stored";
  /** Whether users whose rules have conditions may use `$regex`; allowed where it is absent, unlike in the original. */
  readonly userRegex?: "allowed" | "refused";
  readonly environments: ReadonlyMap<EnvironmentName, EnvironmentConfig>;
  readonly values: ReadonlyMap<string, ValueConfig>;
  readonly providers: ReadonlyMap<ProviderType, ProviderConfig>;
  readonly customUserData: CustomUserDataConfig | undefined;
  readonly dataSources: ReadonlyMap<string, DataSourceConfig>;
  readonly functions: ReadonlyMap<string, FunctionConfig>;
  readonly endpoints: readonly EndpointConfig[];
  /** Services of type `http`, which functions of before ask for by their names. */
  readonly httpServices?: readonly string[];
  readonly dataApi: DataApiConfig | undefined;
  readonly triggers: readonly TriggerConfig[];
  readonly logForwarders: readonly LogForwarderConfig[];
  /** The root configuration file. */
  readonly origin?: Origin;
  /** The directory as it was read: path → bytes. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Paths of `files` that no field of this model stands for; they are written back as they are. */
  readonly kept: ReadonlySet<string>;
}

export interface Layout {
  readonly version: ConfigVersion;
  readonly rootFile: string;
  readonly endpointsFolder: "https_endpoints" | "http_endpoints";
}

export interface EnvironmentConfig {
  readonly values: ReadonlyMap<string, Value>;
  readonly origin?: Origin;
}

export type ValueConfig = {
  readonly name: string;
  /** Not sent to clients. */
  readonly private: boolean;
  readonly origin?: Origin;
} & (
  | { readonly kind: "plain"; readonly value: Value }
  | { readonly kind: "secret"; readonly secretName: string }
);

interface ProviderBase {
  readonly disabled: boolean;
  readonly origin?: Origin;
}

export interface MetadataField {
  /** A path into the token or profile; `\.` is a dot within a name. */
  readonly name: string;
  /** What it is called in the user's data; absent: the last part of `name`. */
  readonly fieldName?: string;
  readonly required: boolean;
}

export interface PlainProvider extends ProviderBase {
  readonly type: "anon-user" | "api-key";
}

export interface EmailPasswordProvider extends ProviderBase {
  readonly type: "local-userpass";
  readonly autoConfirm: boolean;
  readonly confirmUrl?: string;
  readonly confirmSubject?: string;
  /** Runs instead of a mail. */
  readonly confirmFunction?: string;
  readonly resetUrl?: string;
  readonly resetSubject?: string;
  /** Runs instead of a mail. */
  readonly resetFunction?: string;
}

export interface CustomTokenProvider extends ProviderBase {
  readonly type: "custom-token";
  /** Empty: the App ID. */
  readonly audiences: readonly string[];
  /** Whether one audience is enough; else all must be there. */
  readonly anyAudience: boolean;
  readonly signingAlgorithm: string;
  /** Keys come from here instead of `signingKeySecrets`. */
  readonly jwkUri?: string;
  /** Names of secrets, at most 3. */
  readonly signingKeySecrets: readonly string[];
  readonly metadataFields: readonly MetadataField[];
}

export interface CustomFunctionProvider extends ProviderBase {
  readonly type: "custom-function";
  readonly functionName: string;
}

export interface OauthProvider extends ProviderBase {
  /** `oauth2-oidc` is ours: any provider of OpenID Connect. */
  readonly type: "oauth2-google" | "oauth2-facebook" | "oauth2-apple" | "oauth2-oidc";
  readonly clientId: string;
  /** Of `oauth2-oidc` only: what its tokens call it, and where it is found. */
  readonly issuer?: string;
  /** Of `oauth2-oidc` only: what is asked for beside `openid`. */
  readonly scopes?: readonly string[];
  /** Google only: take ID tokens. */
  readonly openId: boolean;
  /** The name of a secret. */
  readonly clientSecretName?: string;
  readonly metadataFields: readonly MetadataField[];
  readonly redirectUris: readonly string[];
  readonly domainRestrictions: readonly string[];
}

export type ProviderConfig =
  | PlainProvider
  | EmailPasswordProvider
  | CustomTokenProvider
  | CustomFunctionProvider
  | OauthProvider;

export type ProviderType = ProviderConfig["type"];

export interface CustomUserDataConfig {
  readonly enabled: boolean;
  readonly dataSource: string;
  readonly database: string;
  readonly collection: string;
  readonly userIdField: string;
  /** Runs before a user is made. */
  readonly creationFunction?: string;
  readonly origin?: Origin;
}

export interface DataSourceConfig {
  readonly name: string;
  /** The folder it was read from; its name where it was made since. */
  readonly folder: string;
  readonly type: "mongodb-atlas" | "datalake";
  /** The cluster, or the data lake, that the original led to. */
  readonly clusterName: string | undefined;
  readonly readPreference: ReadPreference;
  readonly wireProtocolEnabled: boolean;
  /** For collections that have no roles of their own. */
  readonly defaultRule: RulesConfig | undefined;
  /** By namespace: `db.collection`. */
  readonly collections: ReadonlyMap<string, CollectionConfig>;
  readonly origin?: Origin;
}

export type ReadPreference =
  | "primary"
  | "primaryPreferred"
  | "secondary"
  | "secondaryPreferred"
  | "nearest";

export interface CollectionConfig {
  readonly database: string;
  readonly collection: string;
  /** Of the files: `data_sources/NAME/DB/COLL`; absent where it was made since, or comes from one file. */
  readonly folder?: string;
  readonly rules?: RulesConfig;
  readonly schema?: SchemaConfig;
  readonly relationships?: RelationshipsConfig;
}

export interface RulesConfig {
  readonly roles: readonly RoleConfig[];
  readonly filters: readonly FilterConfig[];
  readonly origin?: Origin;
}

/** An expression that is absent is undefined, which is not the same as false (SPEC §6.3). */
export interface RoleConfig {
  readonly name: string;
  readonly applyWhen: Expression;
  readonly documentFilters?: { readonly read?: Expression; readonly write?: Expression };
  readonly read?: Expression;
  readonly write?: Expression;
  readonly insert?: Expression;
  readonly delete?: Expression;
  readonly search?: Expression;
  readonly fields?: ReadonlyMap<string, FieldPermission>;
  readonly additionalFields?: { readonly read?: Expression; readonly write?: Expression };
}

export interface FieldPermission {
  readonly read?: Expression;
  readonly write?: Expression;
  readonly fields?: ReadonlyMap<string, FieldPermission>;
}

export interface FilterConfig {
  readonly name: string;
  readonly applyWhen: Expression;
  readonly query?: Doc;
  readonly projection?: Doc;
}

export interface SchemaConfig {
  readonly schema: Doc;
  readonly origin?: Origin;
}

export interface RelationshipsConfig {
  readonly byField: ReadonlyMap<string, Relationship>;
  readonly origin?: Origin;
}

export interface Relationship {
  readonly dataSource: string;
  readonly database: string;
  readonly collection: string;
  readonly sourceKey: string;
  readonly foreignKey: string;
  readonly isList: boolean;
}

/** As whom a function, or the Data API, runs; `caller` where nothing else is said. */
export type RunAs =
  | { readonly kind: "caller" }
  | { readonly kind: "system" }
  | { readonly kind: "user"; readonly userId: string }
  /** The source of a function that gives the user's id. */
  | { readonly kind: "script"; readonly source: string };

export interface FunctionConfig {
  /** May hold `/`. */
  readonly name: string;
  readonly source: string;
  /** Of the source's file; absent: JavaScript. */
  readonly language?: "typescript";
  /** Not to be called by clients. */
  readonly private: boolean;
  readonly canEvaluate?: Expression;
  readonly disableArgLogs: boolean;
  readonly runAs: RunAs;
  readonly origin?: Origin;
}

export type ValidationMethod = "NO_VALIDATION" | "SECRET_AS_QUERY_PARAM" | "VERIFY_PAYLOAD";

export interface EndpointConfig {
  /** With its leading `/`. */
  readonly route: string;
  readonly httpMethod: "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "*";
  readonly functionName: string;
  readonly validationMethod: ValidationMethod;
  /** There whenever `validationMethod` needs it. */
  readonly secretName?: string;
  readonly respondResult: boolean;
  readonly fetchCustomUserData: boolean;
  readonly createUserOnAuth: boolean;
  readonly disabled: boolean;
  readonly returnType?: "JSON" | "EJSON";
  readonly canEvaluate?: Expression;
  readonly origin?: Origin;
}

export interface DataApiConfig {
  readonly disabled: boolean;
  /** In ascending order. */
  readonly versions: readonly string[];
  readonly returnType: "JSON" | "EJSON";
  readonly runAs: RunAs;
  readonly canEvaluate?: Expression;
  readonly validationMethod: ValidationMethod;
  readonly secretName?: string;
  readonly fetchCustomUserData: boolean;
  readonly createUserOnAuth: boolean;
  readonly logFunctionArguments: boolean;
  readonly origin?: Origin;
}

export interface TriggerConfig {
  readonly name: string;
  readonly type: "DATABASE" | "AUTHENTICATION" | "SCHEDULED";
  readonly disabled: boolean;
  /** Absent where the events go elsewhere. */
  readonly functionName?: string;
  /** Of a scheduled trigger: a CRON expression. */
  readonly schedule?: string;
  /** The fields of its type, as they stand. */
  readonly config: Doc;
  readonly origin?: Origin;
}

export interface LogForwarderConfig {
  readonly name: string;
  readonly disabled: boolean;
  readonly logTypes: readonly string[];
  readonly logStatuses: readonly ("error" | "success")[];
  readonly policy: "single" | "batch";
  readonly action:
    | {
        readonly type: "collection";
        readonly dataSource: string;
        readonly database: string;
        readonly collection: string;
      }
    | { readonly type: "function"; readonly name: string };
  readonly origin?: Origin;
}
