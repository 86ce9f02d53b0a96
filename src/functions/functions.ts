/**
 * Runs an app's functions: who may, as whom, and in which host; and what came of it.
 *
 * To give functions something new: an operation in `operations.ts`, and in `host/context.ts` what asks for it.
 *
 * @module
 */
import type { Doc } from "../bson/doc.ts";
import type { FunctionConfig } from "../config/app-config.ts";
import type { App } from "../config/app.ts";
import type { Scope } from "../config/scope.ts";
import { systemUser, type User } from "../config/user.ts";
import { Fault } from "../kit/fault.ts";
import { createAddressRules } from "./addresses.ts";
import { ActiveCall } from "./active-call.ts";
import type { FunctionCall, FunctionOutcome, Functions } from "./function-call.ts";
import { type FunctionsCore, type FunctionsOptions, scopeAs } from "./functions-core.ts";
import { PoolFull } from "./host-pool.ts";
import { openHttpService } from "./http-service.ts";
import { hasCondition, mustMayEvaluate } from "./may-evaluate.ts";
import { createPools } from "./pools.ts";
import { scriptOf } from "./programs.ts";
import { createValues } from "./values.ts";

export function openFunctions(options: FunctionsOptions): Functions {
  const pools = createPools(options);
  const http = openHttpService(createAddressRules(options.allowedAddresses));
  const core: FunctionsCore = { options, pools, values: createValues(options), http, run };

  async function run(call: FunctionCall, depth: number): Promise<FunctionOutcome> {
    const { scope, target } = call;
    if (depth > options.limits.depthMax)
      throw new Fault("FunctionExecutionError", "functions call functions too deeply");
    if (target.kind === "source") return execute(call, undefined, scope, depth);
    const made = mustFind(call, target.name);
    // Most calls have nothing to wait for before they run.
    if (hasCondition(made) && !isExempt(call)) await mustEvaluate(made, call);
    const own = call.isRunAs === true || made.runAs.kind === "caller";
    return execute(call, made, own ? scope : await scopeOf(call, made, depth), depth);
  }

  /** The function's own settings say as whom it runs; who called stays `context.user`. */
  async function scopeOf(
    call: FunctionCall,
    { runAs }: FunctionConfig,
    depth: number,
  ): Promise<Scope> {
    const { scope } = call;
    switch (runAs.kind) {
      case "caller":
        return scope;
      case "system":
        return scopeAs(scope, systemUser);
      case "user":
        return scopeAs(scope, await mustFindUser(scope.app, runAs.userId));
      case "script":
        return scopeAs(scope, await userOfScript(call, runAs.source, depth));
    }
  }

  async function userOfScript(call: FunctionCall, source: string, depth: number): Promise<User> {
    const { scope, timeoutMs } = call;
    // The script may look at anything to find out; it is the app's own.
    const { end } = await run(
      {
        scope: scopeAs(scope, systemUser),
        target: { kind: "source", source },
        args: [],
        from: "app",
        timeoutMs,
      },
      depth + 1,
    );
    if (end.kind === "failed") throw end.fault;
    const { value } = end;
    if (isSystemAnswer(value)) return systemUser;
    if (typeof value === "string") return mustFindUser(scope.app, value);
    throw new Fault(
      "FunctionExecutionError",
      "the script that tells as whom to run must return a user's id",
    );
  }

  async function mustFindUser(app: App, userId: string): Promise<User> {
    const user = await options.findUser(app, userId);
    if (user !== undefined) return user;
    throw new Fault("FunctionExecutionError", `user not found: '${userId}'`);
  }

  async function mustEvaluate(made: FunctionConfig, { scope, args }: FunctionCall): Promise<void> {
    const { access, openSecret } = options;
    await mustMayEvaluate(made, scope, args, {
      callFunction: access.callFunction,
      readSecret: openSecret,
    });
  }

  async function execute(
    call: FunctionCall,
    made: FunctionConfig | undefined,
    scope: Scope,
    depth: number,
  ): Promise<FunctionOutcome> {
    const values = core.values.of(scope.app, scope.config);
    const known = values instanceof Promise ? await values : values;
    const converted = made === undefined ? "" : scriptOf(made);
    const script = converted instanceof Promise ? await converted : converted;
    // Last, so that nothing comes between finding the pool and using it.
    const found = pools.of(scope.app, scope.config);
    const pool = found instanceof Promise ? await found : found;
    const active = new ActiveCall({ core, call, made, scope, values: known, script, depth });
    try {
      pool.run(active, { isNested: depth > 0 });
    } catch (cause) {
      active.dispose();
      if (cause instanceof PoolFull)
        throw new Fault("TooManyRequests", "too many functions at once");
      throw cause;
    }
    return active.outcome(pool);
  }

  return {
    run: async (call) => run(call, 0),
    figures: () => pools.figures(),
    async close() {
      await Promise.all([pools.close(), http.close()]);
    },
  };
}

function mustFind({ scope, from }: FunctionCall, name: string): FunctionConfig {
  const made = scope.config?.functions.get(name);
  // For a client a private function is not there, lest it learn that it is.
  if (made === undefined || (made.private && from === "client"))
    throw new Fault("FunctionNotFound", `function not found: '${name}'`);
  return made;
}

/**
 * Atlas: the system is asked nothing, as with all other rules; but where an endpoint needs no credentials, its function's
 * condition is what keeps it from being open to all.
 */
function isExempt({ scope, from }: FunctionCall): boolean {
  return scope.user.type === "system" && from !== "endpoint";
}

function isSystemAnswer(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    "get" in value &&
    (value as Doc).get("runAsSystem") === true
  );
}
