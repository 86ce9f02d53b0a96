/** As whom a call runs, and whether it may: what is known once its request is. */
import { Doc } from "../bson/doc.ts";
import type { RunAs } from "../config/app-config.ts";
import type { RequestInfo, Scope } from "../config/scope.ts";
import { systemUser, type User } from "../config/user.ts";
import { Fault } from "../kit/fault.ts";
import { CallScope } from "./call-scope.ts";
import type { Exchange } from "./exchange.ts";
import { type Guarded, mustBeAllowed } from "./may-call.ts";
import type { Services } from "./services.ts";

export interface Opening {
  readonly info: RequestInfo;
  /** The endpoint, or the Data API's configuration. */
  readonly guarded: Guarded;
  /** The same in words. */
  readonly what: string;
}

/**
 * The scope of a call: that of its caller, or of a user whom the configuration names or a script of it finds.
 *
 * @returns at once where nobody has to be found, and no function be asked
 * @throws {Fault} `InvalidSession` where there is no such user, `NoMatchingRuleFound` where `can_evaluate` does not hold
 */
export function openScope(
  exchange: Exchange,
  called: Pick<Scope, "app" | "config" | "caller"> & { readonly runAs: RunAs },
  { info, guarded, what }: Opening,
  services: Services,
): CallScope | Promise<CallScope> {
  const { app, config, runAs } = called;
  const allow = (scope: CallScope): CallScope | Promise<CallScope> => {
    const allowed = mustBeAllowed(guarded, what, scope, services);
    return allowed === undefined ? scope : allowed.then(() => scope);
  };
  if (runAs.kind === "caller" || runAs.kind === "system")
    return allow(new CallScope(exchange, called, info));
  const { signal, entry: findings } = exchange;
  return runAsUser(runAs, { app, config, request: info, signal, findings }, services).then(
    async (caller) => allow(new CallScope(exchange, { app, config, caller }, info)),
  );
}

/**
 * @param scope in which a script runs, as the system
 * @throws {Fault} `InvalidSession` where there is no such user, or a disabled one; what a script throws
 */
async function runAsUser(
  runAs: Extract<RunAs, { kind: "user" | "script" }>,
  scope: Omit<Scope, "caller" | "user">,
  { auth, functions, limits }: Services,
): Promise<User> {
  if (runAs.kind === "user") return mustFind(scope.app.id, runAs.userId, auth);
  const outcome = await functions.run({
    scope: { ...scope, caller: systemUser, user: systemUser },
    target: { kind: "source", source: runAs.source },
    args: [],
    from: "app",
    timeoutMs: limits.processingMsMax,
  });
  scope.findings?.addRun(outcome);
  const { end } = outcome;
  if (end.kind === "failed") throw end.fault;
  if (end.value instanceof Doc && end.value.get("runAsSystem") === true) return systemUser;
  return mustFind(scope.app.id, typeof end.value === "string" ? end.value : "", auth);
}

async function mustFind(appId: string, id: string, { users }: Services["auth"]): Promise<User> {
  const user = await users.findUser(appId, id);
  if (user === undefined)
    throw new Fault("InvalidSession", "invalid session: error finding user for endpoint");
  return user;
}
