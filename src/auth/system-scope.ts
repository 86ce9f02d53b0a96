/** Functions that decide about users run as the system: there is nobody yet that they could run as. */
import type { Scope } from "../config/scope.ts";
import { systemUser, type User } from "../config/user.ts";
import type { LoginContext } from "./provider.ts";

export function systemScope(
  { app, config, request, signal, findings }: LoginContext,
  caller: User = systemUser,
): Scope {
  return { app, config, caller, user: systemUser, request, signal, findings };
}
