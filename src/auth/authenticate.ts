/**
 * Credentials → the user they prove.
 *
 * To add a provider: a case here and its file beside this one. Every failure has the same message; why it failed
 * belongs into the log.
 */
import { Doc } from "../bson/doc.ts";
import type { User } from "../config/user.ts";
import { Fault } from "../kit/fault.ts";
import type { ApiKey } from "./api-key.ts";
import type { ApiKeys } from "./api-keys.ts";
import type { Credentials } from "./credentials.ts";

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
      return userOf(key);
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

function userOf({ id, userId, name, role }: ApiKey): User {
  const data = Doc.of({ name });
  const identities = [{ id, providerType: "api-key", providerId: "", data }];
  return { id: userId, type: "server", permission: role, data, customData: Doc.empty, identities };
}

function invalidSession(): Fault {
  return new Fault("InvalidSession", "invalid session: error finding user for endpoint");
}
