/** What all calls of functions share, and what they are given from outside. */
import type { AppConfig } from "../config/app-config.ts";
import type { App } from "../config/app.ts";
import type { Scope } from "../config/scope.ts";
import type { User } from "../config/user.ts";
import type { DataAccess } from "../rules/open-namespace.ts";
import type { FunctionCall, FunctionOutcome } from "./function-call.ts";
import type { FunctionLimits } from "./function-limits.ts";
import type { HttpService } from "./http-service.ts";
import type { Pools } from "./pools.ts";
import type { ReadValues } from "./values.ts";

export interface FunctionsOptions {
  readonly access: DataAccess;
  readonly limits: FunctionLimits;
  /** Addresses and ranges that functions may connect to although they are not public. */
  readonly allowedAddresses: readonly string[];
  readonly projectId: string;
  readonly openSecret: (appId: string, name: string) => Promise<string | undefined>;
  /** Undefined where there is none, or none that may do anything. */
  readonly findUser: (app: App, userId: string) => Promise<User | undefined>;
  /** The directory that holds the `node_modules` of a deployment. */
  readonly dependenciesOf: (app: App, config: AppConfig) => Promise<string | undefined>;
  readonly log: (event: string, fields: Readonly<Record<string, string | number>>) => void;
}

/** What all calls share. */
export interface FunctionsCore {
  readonly options: FunctionsOptions;
  readonly pools: Pools;
  readonly values: ReadValues;
  readonly http: HttpService;
  run(call: FunctionCall, depth: number): Promise<FunctionOutcome>;
}

/** The same request, done as another user. */
export function scopeAs(scope: Scope, user: User): Scope {
  const { app, config, caller, request, signal, findings } = scope;
  return { app, config, caller, user, request, signal, findings };
}
