/** API keys: those of the app, and those that users made. */
import { Doc } from "../../bson/doc.ts";
import { Fault } from "../../kit/fault.ts";
import type { ApiKeys } from "../api-keys.ts";
import type { Provider } from "../provider.ts";
import { apiKeyType } from "../server-key-user.ts";
import type { UserApiKeys } from "../user-api-keys.ts";

export function createApiKeyProvider(environment: {
  readonly keys: ApiKeys;
  readonly userApiKeys: UserApiKeys;
}): Provider {
  const { keys, userApiKeys } = environment;
  return {
    async login(payload, { app }) {
      const text = payload.get("key");
      if (typeof text !== "string") throw invalidKey();
      const key = keys.verify(app.id, text);
      if (key !== undefined)
        return {
          providerType: apiKeyType,
          name: key.id,
          data: Doc.of({ name: key.name }),
          serverKey: key,
        };
      const own = await userApiKeys.verify(app.id, text);
      if (own === undefined) throw invalidKey();
      const { id, userId } = own;
      return { providerType: apiKeyType, name: id, data: Doc.empty, userId };
    },
  };
}

function invalidKey(): Fault {
  return new Fault("AuthError", "unauthorized", { cause: "invalid API key" });
}
