/** Users and their ways in, as a whole: what the client API, the Data API and endpoints work with. */
import type { ObjectId } from "../bson/value.ts";
import type { AppRegistry } from "../config/app-registry.ts";
import type { IsRefused } from "../config/internal-database.ts";
import type { LiveConfigs } from "../config/live-configs.ts";
import type { CallFunction } from "../config/scope.ts";
import type { DataSource } from "../sources/source.ts";
import type { Accounts } from "./accounts.ts";
import type { ApiKeys } from "./api-keys.ts";
import { type Authenticate, createAuthenticate } from "./authenticate.ts";
import { createCustomUserData, type CustomUserData } from "./custom-user-data.ts";
import { createEmailPassword, type EmailPassword, type Mailer } from "./email-password.ts";
import { createIdentify } from "./identify.ts";
import { createLogin, type Login } from "./login.ts";
import { createLoginGuard } from "./login-guard.ts";
import { createProviders } from "./providers.ts";
import type { Sessions } from "./sessions.ts";
import { hashIdentity } from "./user-record.ts";
import type { UserApiKeys } from "./user-api-keys.ts";
import type { Users } from "./users.ts";
import { createVerifiedCredentials } from "./verified-credentials.ts";

export interface Auth {
  readonly users: Users;
  readonly sessions: Sessions;
  readonly login: Login;
  readonly emailPassword: EmailPassword;
  readonly userApiKeys: UserApiKeys;
  readonly authenticate: Authenticate;
  readonly customUserData: CustomUserData;
  readonly accounts: Accounts;
  /** What is in memory, by the name of a cache. */
  cacheSizes(): ReadonlyMap<string, number>;
}

export interface AuthEnvironment {
  readonly accounts: Accounts;
  readonly keys: ApiKeys;
  readonly apps: AppRegistry;
  readonly configs: LiveConfigs;
  /** By the name of the store that a data source leads to. */
  readonly stores: ReadonlyMap<string, DataSource>;
  readonly isRefused: IsRefused;
  readonly callFunction: CallFunction;
  /** The value of an app's secret; undefined when there is none of the name. */
  readonly openSecret: (appId: string, name: string) => Promise<string | undefined>;
  /** By the type of a provider: where it is found instead of its own place. */
  readonly oauthAddresses: ReadonlyMap<string, string>;
  /** Undefined where nothing says how to send mail. */
  readonly mailer: Mailer | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly newId: () => ObjectId;
}

export function createAuth(environment: AuthEnvironment): Auth {
  const { accounts, now } = environment;
  const { users, sessions, userApiKeys, passwords, work } = accounts;
  const guard = createLoginGuard(now);
  const verified = createVerifiedCredentials(now);
  accounts.onPasswordChange((id) => {
    verified.forget(id);
  });
  const customUserData = createCustomUserData(environment);
  const providers = createProviders({ ...environment, ...accounts, work, guard });
  const identify = createIdentify({ ...environment, ...accounts });
  const parts = { ...environment, users, sessions, userApiKeys, providers, identify };
  return {
    users,
    sessions,
    userApiKeys,
    customUserData,
    accounts,
    login: createLogin({ ...parts, customUserData }),
    emailPassword: createEmailPassword({
      ...environment,
      passwords,
      work,
      guard,
      async revoke({ appId, id }) {
        const user = await users.findByIdentity(appId, hashIdentity("local-userpass", id));
        if (user !== undefined) await accounts.revoke(appId, user.id);
      },
    }),
    authenticate: createAuthenticate({ ...parts, customUserData, verified }),
    cacheSizes: () =>
      new Map([
        ["users", users.count],
        ["sessions", sessions.counts.sessions],
        ["access_tokens", sessions.counts.tokens],
        ["user_api_keys", userApiKeys.count],
        ["credentials", verified.size],
      ]),
  };
}
