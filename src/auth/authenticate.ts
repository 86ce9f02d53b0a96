/**
 * Credentials of a request → the user they prove.
 *
 * To add a kind of credential: a case here and in `credentials.ts`. Every failure has the same message; why it failed is
 * the fault's cause, for the log.
 */
import { Doc } from "../bson/doc.ts";
import type { User } from "../config/user.ts";
import { Fault } from "../kit/fault.ts";
import type { ApiKeys } from "./api-keys.ts";
import type { Credentials } from "./credentials.ts";
import type { CustomUserData } from "./custom-user-data.ts";
import type { Identify } from "./identify.ts";
import type { LoginContext } from "./provider.ts";
import { type Providers, providerConfigOf } from "./providers.ts";
import { recordOf } from "./server-key-user.ts";
import type { Sessions } from "./sessions.ts";
import type { UserApiKeys } from "./user-api-keys.ts";
import { toUser, type UserRecord } from "./user-record.ts";
import type { Users } from "./users.ts";
import type { VerifiedCredentials } from "./verified-credentials.ts";

export interface AuthenticateOptions {
  /** Makes a user of an identity that is new, instead of refusing it. */
  readonly createsUser: boolean;
  /** Whether the user comes with its custom data. */
  readonly withCustomData: boolean;
}

/** What a request is authenticated with, besides its credentials. */
export type Caller = Omit<LoginContext, "address" | "request" | "signal"> & {
  /** What most requests do not need. */
  readonly context: () => Pick<LoginContext, "address" | "request" | "signal" | "findings">;
};

/**
 * At once for an API key of the app, and for what is known.
 *
 * @throws {Fault} `InvalidParameter` without credentials, `MissingParameter` for half a pair, `InvalidSession` for
 *   credentials that prove nobody, `TooManyRequests` after too many that were wrong
 */
export type Authenticate = (
  credentials: Credentials,
  caller: Caller,
  options: AuthenticateOptions,
) => User | Promise<User>;

export interface AuthenticateEnvironment {
  readonly keys: ApiKeys;
  readonly users: Users;
  readonly sessions: Sessions;
  readonly userApiKeys: UserApiKeys;
  readonly providers: Providers;
  readonly identify: Identify;
  readonly customUserData: CustomUserData;
  readonly verified: VerifiedCredentials;
}

export function createAuthenticate(environment: AuthenticateEnvironment): Authenticate {
  const { keys, users, sessions, userApiKeys, providers, identify, customUserData, verified } =
    environment;

  function byKey(text: string, caller: Caller): UserRecord | Promise<UserRecord> {
    if (providerConfigOf(caller.config, "api-key") === undefined)
      throw notProven("the provider api-key is off");
    const appId = caller.app.id;
    const key = keys.verify(appId, text);
    if (key !== undefined) return recordOf(key);
    return byUserKey(appId, text);
  }

  async function byUserKey(appId: string, text: string): Promise<UserRecord> {
    const key = await userApiKeys.verify(appId, text);
    if (key === undefined) throw notProven("invalid API key");
    return mustBeEnabled(await users.find(appId, key.userId));
  }

  function byToken(token: string, { app }: Caller): UserRecord | Promise<UserRecord> {
    const holder = sessions.readAccess(token, app.id);
    return holder instanceof Promise ? holder.then(({ user }) => user) : holder.user;
  }

  async function byProvider(
    providerType: string,
    payload: Doc,
    caller: Caller,
    createsUser: boolean,
  ): Promise<UserRecord> {
    const context = { ...caller, ...caller.context() };
    const { provider, config } = await providers.must(providerType, caller);
    let isNew = false;
    const proven = await verified.prove({ appId: caller.app.id, config, payload }, async () => {
      isNew = true;
      // Others may wait for it too, when this client is gone.
      return provider.login(payload, { ...context, signal: unending }, config);
    });
    const { user } = await identify(proven, context, { creates: createsUser });
    mustBeEnabled(user);
    if (isNew) await users.noteLogin(user, undefined);
    return user;
  }

  function prove(
    credentials: Credentials,
    caller: Caller,
    createsUser: boolean,
  ): UserRecord | Promise<UserRecord> {
    switch (credentials.kind) {
      case "apiKey":
        return byKey(credentials.key, caller);
      case "bearer":
        return byToken(credentials.token, caller);
      case "password": {
        const { email, password } = credentials;
        const payload = Doc.of({ username: email, password });
        return byProvider("local-userpass", payload, caller, createsUser);
      }
      case "jwt":
        return byProvider(
          "custom-token",
          Doc.of({ token: credentials.token }),
          caller,
          createsUser,
        );
      case "none":
        throw new Fault("InvalidParameter", "no authentication methods were specified");
      case "incomplete":
        throw new Fault(
          "MissingParameter",
          "must specify some form of authentication (either email+password, api-key, or jwt) in the request header or body",
        );
    }
  }

  async function withCustomData(
    user: UserRecord | Promise<UserRecord>,
    caller: Caller,
  ): Promise<User> {
    const proven = await user;
    const { signal } = caller.context();
    return toUser(proven, await customUserData.read(caller, proven.id, signal));
  }

  return (credentials, caller, options) => {
    try {
      const user = prove(credentials, caller, options.createsUser);
      if (options.withCustomData && caller.config?.customUserData?.enabled === true)
        return withCustomData(user, caller).catch(rethrow);
      return user instanceof Promise
        ? user.then((proven) => toUser(proven), rethrow)
        : toUser(user);
    } catch (cause) {
      return rethrow(cause);
    }
  };
}

const unending = new AbortController().signal;

function mustBeEnabled(user: UserRecord | undefined): UserRecord {
  if (user === undefined) throw notProven("the user is gone");
  if (user.disabled) throw notProven("the user is disabled");
  return user;
}

function notProven(why: string): Fault {
  return new Fault("InvalidSession", sessionMessage, { cause: new Error(why) });
}

const sessionMessage = "invalid session: error finding user for endpoint";

/** Failures of providers and sessions have messages of their own: here they are all one. */
const hidden: ReadonlySet<string> = new Set([
  "AuthError",
  "AuthProviderNotFound",
  "InvalidPassword",
  "InvalidSession",
  "UserDisabled",
  "UserNotFound",
]);

function rethrow(cause: unknown): never {
  if (cause instanceof Fault && hidden.has(cause.code) && cause.message !== sessionMessage)
    throw new Fault("InvalidSession", sessionMessage, { cause });
  throw cause;
}
