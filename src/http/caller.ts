/** Who makes a call, and what a call needs no credentials for. */
import type { Caller } from "../auth/authenticate.ts";
import { readCredentials } from "../auth/credentials.ts";
import type { AppConfig, RunAs } from "../config/app-config.ts";
import type { App } from "../config/app.ts";
import { systemUser, type User } from "../config/user.ts";
import type { Exchange } from "./exchange.ts";
import type { Services } from "./services.ts";

export interface Called {
  readonly app: App;
  readonly config: AppConfig | undefined;
  readonly runAs: RunAs;
  /** Of the endpoint, or of the Data API. */
  readonly settings: {
    readonly createUserOnAuth: boolean;
    readonly fetchCustomUserData: boolean;
  };
}

/**
 * The user behind a request. What runs as the system, or as a user that its configuration names, asks for no
 * credentials.
 *
 * @throws {Fault} as `authenticate`
 */
export function callerOf(
  exchange: Exchange,
  { app, config, runAs, settings }: Called,
  { auth, forwarding }: Services,
): User | Promise<User> {
  // Atlas: whom `context.user` shows then is not told; what the call runs as is all there is.
  if (runAs.kind !== "caller") return systemUser;
  const { request } = exchange;
  const context = (): ReturnType<Caller["context"]> => ({
    address: forwarding.clientAddress(request),
    request: undefined,
    signal: exchange.signal,
    findings: exchange.entry,
  });
  const { createUserOnAuth: createsUser, fetchCustomUserData: withCustomData } = settings;
  return auth.authenticate(
    readCredentials(request.headers),
    { app, config, context },
    { createsUser, withCustomData },
  );
}
