/** Functions without a server around them: an app of sources, an embedded store, and hosts. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "vitest";
import { Doc } from "../../src/bson/doc.ts";
import { toText } from "../../src/bson/stringify.ts";
import type { Value } from "../../src/bson/value.ts";
import type { AppConfig, FunctionConfig, ValueConfig } from "../../src/config/app-config.ts";
import type { App } from "../../src/config/app.ts";
import { systemUser, type User } from "../../src/config/user.ts";
import type { EndpointRequest, FunctionOutcome } from "../../src/functions/function-call.ts";
import { defaultFunctionLimits, type FunctionLimits } from "../../src/functions/function-limits.ts";
import { openFunctions } from "../../src/functions/functions.ts";
import { openEmbedded } from "../../src/sources/embedded.ts";
import { openMongodb } from "../../src/sources/mongodb.ts";
import type { DataSource } from "../../src/sources/source.ts";

export type FunctionSettings = Partial<Omit<FunctionConfig, "name" | "source">>;

export interface FunctionBench {
  /** Deploys sources: a deployment of its own each time. */
  deploy(
    sources: Readonly<
      Record<string, string | readonly [source: string, settings: FunctionSettings]>
    >,
    options?: { readonly values?: Readonly<Record<string, Value>>; readonly app?: string },
  ): Deployed;
  readonly users: Map<string, User>;
  readonly secrets: Map<string, string>;
  /** What was logged. */
  readonly events: readonly (readonly [event: string, fields: Readonly<Record<string, unknown>>])[];
  dropDatabase(name: string): Promise<void>;
  close(): Promise<void>;
}

export interface Deployed {
  readonly call: (
    name: string,
    args?: readonly Value[],
    options?: CallOptions,
  ) => Promise<FunctionOutcome>;
  /** The outcome on one line: canonical EJSON, or the fault. */
  readonly show: (name: string, args?: readonly Value[], options?: CallOptions) => Promise<string>;
}

export interface CallOptions {
  readonly user?: User;
  readonly timeoutMs?: number;
  readonly from?: "client" | "endpoint" | "app" | "administrator";
  readonly endpoint?: EndpointRequest;
  readonly signal?: AbortSignal;
  readonly evaluate?: { readonly source: string; readonly evalSource?: string };
}

export async function openFunctionBench(
  options: {
    readonly limits?: Partial<FunctionLimits>;
    readonly allowedAddresses?: readonly string[];
    readonly dependencies?: string;
    /** A MongoDB instead of the embedded store. */
    readonly mongodUri?: string;
  } = {},
): Promise<FunctionBench> {
  const directory = await mkdtemp(path.join(tmpdir(), "petiole-functions-"));
  const { mongodUri } = options;
  const store: DataSource =
    mongodUri === undefined
      ? await openEmbedded(directory)
      : await openMongodb(mongodUri, { name: "mongodb-atlas" });
  const users = new Map<string, User>();
  const secrets = new Map<string, string>();
  const events: (readonly [string, Readonly<Record<string, unknown>>])[] = [];
  const functions = openFunctions({
    access: {
      stores: new Map([["embedded", store]]),
      isRefused: (name) => ["admin", "config", "local"].includes(name),
      callFunction: async () => undefined,
    },
    limits: { ...defaultFunctionLimits, ...options.limits },
    allowedAddresses: options.allowedAddresses ?? [],
    projectId: "5e1ec444970199272441a214",
    openSecret: async (_appId, name) => secrets.get(name),
    findUser: async (_app, id) => users.get(id),
    dependenciesOf: async () => options.dependencies,
    log: (event, fields) => {
      events.push([event, fields]);
    },
  });
  return {
    users,
    secrets,
    events,
    deploy(sources, { values = {}, app: name = "myapp" } = {}) {
      const app = appNamed(name);
      const config = configOf(sources, values, secrets);
      const call: Deployed["call"] = async (
        target,
        args = [],
        { user = systemUser, timeoutMs = 20_000, from = "app", endpoint, signal, evaluate } = {},
      ) =>
        functions.run({
          scope: {
            app,
            config,
            caller: user,
            user,
            request: undefined,
            signal: signal ?? new AbortController().signal,
          },
          target:
            evaluate === undefined
              ? { kind: "named", name: target }
              : { kind: "source", ...evaluate },
          args,
          from,
          timeoutMs,
          ...(endpoint === undefined ? {} : { endpoint }),
        });
      return {
        call,
        async show(target, args, callOptions) {
          try {
            return showOutcome(await call(target, args, callOptions));
          } catch (cause) {
            return String(cause);
          }
        },
      };
    },
    dropDatabase: async (name) => store.dropDatabase(name),
    async close() {
      await functions.close();
      await store.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function showOutcome({ end }: FunctionOutcome): string {
  if (end.kind === "failed") return `${end.fault.code}: ${end.fault.message}`;
  return end.value === undefined ? "undefined" : toText(end.value, "canonical");
}

function appNamed(name: string): App {
  return {
    id: "60c8e59866b0c33d14ee634a",
    clientAppId: `${name}-abcde`,
    name,
    dataSources: new Map([
      [
        "mongodb-atlas",
        {
          id: "60c8e59866b0c33d14ee634b",
          name: "mongodb-atlas",
          store: "embedded",
          permission: "readWrite",
        },
      ],
    ]),
    dataApi: { disabled: true, versions: new Set(), returnType: "JSON" },
    allowedOrigins: [],
    createdAt: 0,
    version: 0,
  };
}

function configOf(
  sources: Readonly<Record<string, string | readonly [string, FunctionSettings]>>,
  values: Readonly<Record<string, Value>>,
  secrets: ReadonlyMap<string, string>,
): AppConfig {
  const functions = Object.entries(sources).map(([name, given]): [string, FunctionConfig] => {
    const [source, settings] = typeof given === "string" ? [given, {}] : given;
    const base = { private: false, disableArgLogs: false, runAs: { kind: "caller" } } as const;
    return [name, { ...base, ...settings, name, source }];
  });
  const plain = Object.entries(values).map(([name, value]): [string, ValueConfig] => [
    name,
    { name, private: false, kind: "plain", value },
  ]);
  const sealed = [...secrets.keys()].map((name): [string, ValueConfig] => [
    name,
    { name, private: true, kind: "secret", secretName: name },
  ]);
  return {
    layout: {
      version: 20230101,
      rootFile: "realm_config.json",
      endpointsFolder: "https_endpoints",
    },
    appId: undefined,
    name: "myapp",
    environment: "",
    deploymentModel: "LOCAL",
    location: undefined,
    providerRegion: "aws-us-east-1",
    allowedOrigins: [],
    environments: new Map(),
    values: new Map([...plain, ...sealed]),
    providers: new Map(),
    customUserData: undefined,
    dataSources: new Map(),
    functions: new Map(functions),
    endpoints: [],
    dataApi: undefined,
    triggers: [],
    logForwarders: [],
    files: new Map(),
    kept: new Set(),
  };
}

/** What a row wants to see: a text as it is, or one like a pattern. */
export function wanted(outcome: string | RegExp): unknown {
  return typeof outcome === "string" ? outcome : expect.stringMatching(outcome);
}

/** A user with an id, as providers make them. */
export function userOf(id: string, data: Readonly<Record<string, Value>> = {}): User {
  return {
    id,
    type: "normal",
    permission: "readWrite",
    data: Doc.of(data),
    customData: Doc.of({ city: "new york city" }),
    identities: [
      {
        id: `${id}-identity`,
        providerType: "local-userpass",
        providerId: "5cbf68583025b12880667681",
      },
    ],
  };
}
