/** Anonymous users: each login makes a new one. */
import type { ObjectId } from "../../bson/value.ts";
import { Doc } from "../../bson/doc.ts";
import { createLetters } from "../../kit/secret.ts";
import type { Provider } from "../provider.ts";

export function createAnonymous(newId: () => ObjectId): Provider {
  return {
    login: async () => ({
      providerType: "anon-user",
      name: `${newId().toHex()}-${createLetters(24)}`,
      data: Doc.empty,
    }),
  };
}
