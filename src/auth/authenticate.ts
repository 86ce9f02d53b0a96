/**
 * Credentials → the user they prove.
 *
 * To add a provider: a case here and its file beside this one. Every failure has the same message; why it failed
 * belongs into the log.
 */
import { Fault } from "../kit/fault.ts";
import type { ApiKeys } from "./api-keys.ts";
import type { Credentials } from "./credentials.ts";
import type { User } from "./user.ts";

/**
 * @param appId the app's 24 hex digits
 * @throws {Fault} `InvalidParameter` without credentials, `MissingParameter` for half a pair, `InvalidSession` for
 *   credentials that prove nobody
 */
export function authenticate(appId: string, credentials: Credentials, keys: ApiKeys): User {
  switch (credentials.kind) {
    case "apiKey": {
      const key = keys.verify(appId, credentials.key);
      if (key === undefined) throw invalidSession();
      return { id: key.userId, type: "server", permission: key.role };
    }
    case "none":
      throw new Fault("InvalidParameter", "no authentication methods were specified");
    case "incomplete":
      throw new Fault(
        "MissingParameter",
        "must specify some form of authentication (either email+password, api-key, or jwt) in the request header or body",
      );
    case "bearer":
    case "password":
    case "jwt":
      // No provider but API keys exists yet, so that nobody can be behind these.
      throw invalidSession();
  }
}

function invalidSession(): Fault {
  return new Fault("InvalidSession", "invalid session: error finding user for endpoint");
}
