/** Opens the functions of a server: what they may reach of the state, and within which bounds. */
import type { Auth } from "./auth/auth.ts";
import type { Value } from "./bson/value.ts";
import type { Scope } from "./config/scope.ts";
import type { Settings } from "./config/settings.ts";
import type { CodeWorks } from "./functions/code-works.ts";
import { createAddressRules } from "./functions/addresses.ts";
import type { Functions } from "./functions/function-call.ts";
import { defaultFunctionLimits, type FunctionLimits } from "./functions/function-limits.ts";
import { createFunctions } from "./functions/lazy-functions.ts";
import { msLeft } from "./kit/deadline.ts";
import { Fault } from "./kit/fault.ts";
import type { Log } from "./logs/log.ts";
import type { DataAccess } from "./rules/open-namespace.ts";
import type { State } from "./state.ts";

export function openServerFunctions(
  state: State,
  parts: {
    readonly settings: Settings;
    readonly auth: Auth;
    readonly openSecret: (appId: string, name: string) => Promise<string | undefined>;
    /** Calls functions itself, so that it is there only later. */
    readonly access: () => DataAccess;
    readonly log: Log;
  },
): Functions {
  const { settings, auth, openSecret, access, log } = parts;
  mustBeAddresses(settings.functionAddresses);
  return createFunctions(() => ({
    access: access(),
    limits: limitsOf(settings),
    allowedAddresses: settings.functionAddresses,
    projectId: state.groupId,
    openSecret,
    findUser: async (app, id) => auth.users.findUser(app.id, id),
    dependenciesOf: async (app) =>
      app.dependencies === undefined ? undefined : (await state.dependencies()).folderOf(app),
    log(event, fields) {
      log.write("warning", event, fields);
    },
  }));
}

/** Who runs the code in queries; undefined where nobody may send any. */
export async function openCodeWorks(settings: Settings): Promise<CodeWorks | undefined> {
  if (!settings.allowCode) return undefined;
  const { createCodeWorks } = await import("./functions/code-works.ts");
  const { memoryMb, rssBytesMax, hostsMax } = limitsOf(settings);
  return createCodeWorks({ heapMb: memoryMb, rssBytesMax, processesMax: hostsMax });
}

/** Buffers and the program itself come on top of the heap. */
const besidesHeapMb = 350;

function limitsOf({ functionHostsMax, functionMemoryMb }: Settings): FunctionLimits {
  return {
    ...defaultFunctionLimits,
    hostsMin: Math.min(defaultFunctionLimits.hostsMin, functionHostsMax),
    hostsMax: functionHostsMax,
    memoryMb: functionMemoryMb,
    rssBytesMax: (functionMemoryMb + besidesHeapMb) * 2 ** 20,
  };
}

/** Now, and not when the first function is called. */
function mustBeAddresses(addresses: readonly string[]): void {
  for (const each of addresses)
    try {
      createAddressRules([each]);
    } catch (cause) {
      throw new Fault(
        "InvalidParameter",
        `--function-address: '${each}' is neither an address nor a range of addresses`,
        { cause },
      );
    }
}

/**
 * Calls a function for a rule.
 *
 * @throws {Fault} `FunctionExecutionError` with the message it threw, `ExecutionTimeLimitExceeded`
 */
export async function callFunction(
  functions: Functions,
  { limits }: Settings,
  ...[name, args, scope]: readonly [string, readonly Value[], Scope]
): Promise<Value | undefined> {
  const timeoutMs = msLeft(scope.signal) ?? limits.processingMsMax;
  const target = { kind: "named", name } as const;
  const outcome = await functions.run({ scope, target, args, from: "app", timeoutMs });
  scope.findings?.addRun(outcome);
  const { end } = outcome;
  if (end.kind === "failed") throw end.fault;
  return end.value;
}
