/** The administrator of a first start. */
import { duplicateIndexOf } from "../config/state-store.ts";
import { createSecret } from "../kit/secret.ts";
import type { AdminSessions } from "./admin-sessions.ts";
import type { Administrators } from "./administrators.ts";

export interface FirstAdministrator {
  readonly email: string;
  readonly password: string;
  /** Opens the console signed in: once, within an hour, on this node. */
  readonly consoleToken: string;
}

const administratorEmail = "admin@localhost";

export interface EnsuredAdministrator {
  readonly created: { readonly administrator?: FirstAdministrator };
  /** Settles when it is kept. Hashing a password takes longer than all the rest of a start. */
  readonly stored: Promise<void>;
}

/**
 * Makes an administrator where there is none.
 *
 * @param state `isShared`: other nodes may start at the same time
 * @param onFailure hears why it could not be kept
 */
export async function ensureAdministrator(
  state: {
    readonly administrators: Administrators;
    readonly sessions: AdminSessions;
    readonly isShared: boolean;
  },
  onFailure: (cause: unknown) => void,
): Promise<EnsuredAdministrator> {
  const { administrators, sessions, isShared } = state;
  const none = { created: {}, stored: Promise.resolve() };
  if (!(await administrators.isEmpty())) return none;
  const administrator = {
    email: administratorEmail,
    password: createSecret(20),
    consoleToken: sessions.offerOnce(administratorEmail),
  };
  const storing = administrators.create(administrator.email, administrator.password);
  if (!isShared) return { created: { administrator }, stored: storing.catch(onFailure) };
  try {
    await storing;
    return { created: { administrator }, stored: Promise.resolve() };
  } catch (error) {
    // Another node that starts at the same time was faster, and has told its password.
    if (duplicateIndexOf(error) === undefined) throw error;
    return none;
  }
}
