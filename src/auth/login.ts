/** Logging in, linking, and what a session's tokens are good for. */
import type { Doc } from "../bson/doc.ts";
import type { ObjectId } from "../bson/value.ts";
import type { AppConfig } from "../config/app-config.ts";
import type { App } from "../config/app.ts";
import type { AppRegistry } from "../config/app-registry.ts";
import type { LiveConfigs } from "../config/live-configs.ts";
import type { User } from "../config/user.ts";
import { Fault } from "../kit/fault.ts";
import type { Accounts } from "./accounts.ts";
import type { CustomUserData } from "./custom-user-data.ts";
import { readSentDevice } from "./device.ts";
import { type Identify, type Identified, merge, toStoredIdentity } from "./identify.ts";
import type { LoginContext, ProvenIdentity } from "./provider.ts";
import type { Providers } from "./providers.ts";
import { apiKeyType } from "./server-key-user.ts";
import type { IssuedSession, TokenHolder } from "./sessions.ts";
import { toUser } from "./user-record.ts";

export interface Attempt extends LoginContext {
  /** As in the path: `local-userpass`. */
  readonly providerType: string;
  /** Without `options`. */
  readonly payload: Doc;
  /** `options.device`. */
  readonly device: Doc | undefined;
}

/** Whoever sent an access or refresh token, with the app that it belongs to. */
export interface Authorized extends TokenHolder {
  readonly app: App;
  readonly config: AppConfig | undefined;
}

export interface Login {
  /** @throws {Fault} `AuthProviderNotFound`, `InvalidPassword`, `AuthError`, `UserDisabled`, `TooManyRequests` */
  logIn(attempt: Attempt): Promise<IssuedSession>;
  /** Logs in whom a browser's redirect has proven. */
  logInAs(proven: ProvenIdentity, attempt: Omit<Attempt, "payload">): Promise<IssuedSession>;
  /** Adds an identity to a user who is logged in. @throws {Fault} as `logIn` */
  link(attempt: Attempt, holder: Authorized): Promise<IssuedSession>;
  linkAs(
    proven: ProvenIdentity,
    attempt: Omit<Attempt, "payload">,
    holder: Authorized,
  ): Promise<IssuedSession>;
  /** @param appId of which app it has to be; any when undefined @throws {Fault} `InvalidSession` */
  readAccess(token: string, appId?: string): Promise<Authorized>;
  /** @throws {Fault} `InvalidSession` */
  readRefresh(token: string): Promise<Authorized>;
  /** @returns a new access token, with custom user data as it is now */
  refresh(refreshToken: string, signal: AbortSignal): Promise<string>;
  logOut(refreshToken: string): Promise<void>;
  /** The user, as rules and functions see it. */
  userOf(holder: Authorized, options: { readonly withCustomData: boolean }): Promise<User>;
  /** Deletes the user whose token it is. */
  deleteUser(holder: Authorized): Promise<void>;
}

export interface LoginEnvironment {
  readonly apps: AppRegistry;
  readonly configs: LiveConfigs;
  readonly accounts: Accounts;
  readonly providers: Providers;
  readonly identify: Identify;
  readonly customUserData: CustomUserData;
  readonly newId: () => ObjectId;
}

export function createLogin(environment: LoginEnvironment): Login {
  const { apps, configs, accounts, providers, identify, customUserData, newId } = environment;
  const { users, sessions } = accounts;

  async function prove(attempt: Attempt): Promise<ProvenIdentity> {
    const { provider, config } = await providers.must(attempt.providerType, attempt);
    return provider.login(attempt.payload, attempt, config);
  }

  async function start(
    { user, identity }: Identified,
    attempt: Omit<Attempt, "payload">,
  ): Promise<IssuedSession> {
    if (user.disabled) throw new Fault("UserDisabled", "user disabled");
    const device = readSentDevice(attempt.device, () => newId().toHex());
    if (user.type === "normal") await users.noteLogin(user, device);
    const { app, signal } = attempt;
    const userData = await readCustomData(attempt, user.id, signal);
    return sessions.open({ app, user, identity, device, userData });
  }

  /** Undefined where the app has none, so that the token says nothing of it. */
  async function readCustomData(
    place: Pick<LoginContext, "app" | "config">,
    userId: string,
    signal: AbortSignal,
  ): Promise<Doc | undefined> {
    if (place.config?.customUserData?.enabled !== true) return undefined;
    return customUserData.read(place, userId, signal);
  }

  async function logInAs(
    proven: ProvenIdentity,
    attempt: Omit<Attempt, "payload">,
  ): Promise<IssuedSession> {
    return start(await identify(proven, attempt, { creates: true }), attempt);
  }

  async function linkAs(
    proven: ProvenIdentity,
    attempt: Omit<Attempt, "payload">,
    holder: Authorized,
  ): Promise<IssuedSession> {
    const { user } = holder;
    if (user.type === "server" || proven.providerType === apiKeyType)
      throw notLinked("an API key can not be linked");
    if (user.identities.some((each) => each.providerType === proven.providerType))
      throw notLinked("the user has an identity of this provider");
    const identity = toStoredIdentity(holder.appId, proven);
    const data = merge(user.data, proven.data);
    if (!(await users.addIdentity(user, identity, data)))
      throw notLinked("the identity belongs to another user");
    const linked = { ...user, data, identities: [...user.identities, identity] };
    return start({ user: linked, identity }, attempt);
  }

  async function authorize(holder: TokenHolder): Promise<Authorized> {
    const app = apps.must(holder.appId);
    return { ...holder, app, config: await configs.of(app) };
  }

  const readRefresh = async (token: string): Promise<Authorized> =>
    authorize(await sessions.readRefresh(token));

  return {
    logIn: async (attempt) => logInAs(await prove(attempt), attempt),
    logInAs,
    link: async (attempt, holder) => linkAs(await prove(attempt), attempt, holder),
    linkAs,
    readAccess: async (token, appId) => authorize(await sessions.readAccess(token, appId)),
    readRefresh,
    async refresh(token, signal) {
      const holder = await readRefresh(token);
      if (holder.user.type === "normal") await users.noteUse(holder.user);
      return sessions.renew(holder, await readCustomData(holder, holder.user.id, signal));
    },
    async logOut(token) {
      const { appId, sessionId } = await sessions.readRefresh(token);
      await sessions.end(appId, sessionId);
    },
    async userOf(holder, { withCustomData }) {
      if (!withCustomData) return toUser(holder.user);
      const signal = new AbortController().signal;
      return toUser(holder.user, await customUserData.read(holder, holder.user.id, signal));
    },
    async deleteUser({ appId, user }) {
      if (user.type === "server")
        throw new Fault("BadRequest", "an API key is deleted by an administrator");
      await accounts.deleteUser(appId, user.id);
    },
  };
}

/** Atlas: the original answered a second identity of the same provider with status 500. */
function notLinked(why: string): Fault {
  return new Fault("AuthError", "unauthorized", { cause: new Error(why) });
}
