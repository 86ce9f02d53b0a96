/**
 * The authentication providers.
 *
 * To add one: its file in `provider/`, and a line in `loaders`.
 */
import type { ObjectId } from "../bson/value.ts";
import type { ProviderConfig, ProviderType } from "../config/app-config.ts";
import type { CallFunction } from "../config/scope.ts";
import { Fault } from "../kit/fault.ts";
import type { ApiKeys } from "./api-keys.ts";
import type { LoginGuard } from "./login-guard.ts";
import type { PasswordWork } from "./password-work.ts";
import type { Passwords } from "./passwords.ts";
import type { LoginContext, Provider } from "./provider.ts";
import type { UserApiKeys } from "./user-api-keys.ts";

export interface ProvidersEnvironment {
  readonly keys: ApiKeys;
  readonly userApiKeys: UserApiKeys;
  readonly passwords: Passwords;
  readonly work: PasswordWork;
  readonly guard: LoginGuard;
  readonly callFunction: CallFunction;
  /** The value of an app's secret; undefined when there is none of the name. */
  readonly openSecret: (appId: string, name: string) => Promise<string | undefined>;
  /** By the type of a provider: where it is found instead of its own place. */
  readonly oauthAddresses: ReadonlyMap<string, string>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly newId: () => ObjectId;
}

export interface Providers {
  /** A provider that is on, with its configuration. @throws {Fault} `AuthProviderNotFound` */
  must(
    type: string,
    context: Pick<LoginContext, "config">,
  ): Promise<{ readonly provider: Provider; readonly config: ProviderConfig }>;
}

type Load = (environment: ProvidersEnvironment) => Promise<Provider>;

/** Ties a provider to its type: it is given the configuration that was found under that type alone. */
function tie<Config extends ProviderConfig>(provider: Provider<Config>): Provider {
  return {
    login: async (payload, context, config) => provider.login(payload, context, config as Config),
  };
}

const oauth: Load = async ({ openSecret, oauthAddresses }) => {
  const { createOauth } = await import("./provider/oauth.ts");
  return tie(createOauth({ openSecret, addresses: oauthAddresses }));
};

/** Loaded when somebody logs in with one. */
const loaders: ReadonlyMap<string, Load> = new Map<ProviderType, Load>([
  [
    "anon-user",
    async ({ newId }) => (await import("./provider/anon-user.ts")).createAnonymous(newId),
  ],
  [
    "local-userpass",
    async (environment) =>
      (await import("./provider/local-userpass.ts")).createLocalUserpass(environment),
  ],
  [
    "api-key",
    async (environment) =>
      (await import("./provider/api-key.ts")).createApiKeyProvider(environment),
  ],
  [
    "custom-function",
    async ({ callFunction }) =>
      tie((await import("./provider/custom-function.ts")).createCustomFunction(callFunction)),
  ],
  [
    "custom-token",
    async (environment) =>
      tie((await import("./provider/custom-token.ts")).createCustomToken(environment)),
  ],
  ["oauth2-google", oauth],
  ["oauth2-facebook", oauth],
  ["oauth2-apple", oauth],
  ["oauth2-oidc", oauth],
]);

export function createProviders(environment: ProvidersEnvironment): Providers {
  const loaded = new Map<string, Promise<Provider>>();
  return {
    async must(type, { config }) {
      const found = providerConfigOf(config, type);
      const load = loaders.get(type);
      if (found === undefined || load === undefined) throw providerNotFound(type);
      const loading = loaded.get(type) ?? load(environment);
      loaded.set(type, loading);
      return { provider: await loading, config: found };
    },
  };
}

/** The configuration of a provider that is on. */
export function providerConfigOf(
  config: LoginContext["config"],
  type: string,
): ProviderConfig | undefined {
  const found = config?.providers.get(type as ProviderType);
  if (found !== undefined) return found.disabled ? undefined : found;
  // Atlas: API keys are made here without a directory, and work until a directory turns them off.
  return type === "api-key" ? { type, disabled: false } : undefined;
}

export function providerNotFound(type: string): Fault {
  return new Fault("AuthProviderNotFound", `auth provider not found: '${type.slice(0, 64)}'`);
}
