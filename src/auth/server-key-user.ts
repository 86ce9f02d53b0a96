/** The user that a server API key stands for. */
import { Doc } from "../bson/doc.ts";
import type { ApiKey } from "./api-key.ts";
import type { ApiKeys } from "./api-keys.ts";
import { hashIdentity, providerIdOf, type UserRecord } from "./user-record.ts";

export const apiKeyType = "api-key";

const records = new WeakMap<ApiKey, UserRecord>();

/** The same object for the same key, until it changes. */
export function recordOf(key: ApiKey): UserRecord {
  let record = records.get(key);
  if (record === undefined) {
    record = makeRecord(key);
    records.set(key, record);
  }
  return record;
}

/** Undefined for a key that is disabled or gone. */
export function recordOfKey(keys: ApiKeys, appId: string, id: string): UserRecord | undefined {
  const key = keys.find(appId, id);
  return key === undefined || key.disabled ? undefined : recordOf(key);
}

function makeRecord(key: ApiKey): UserRecord {
  const { id, appId, userId, name, role, createdAt } = key;
  const data = Doc.of({ name });
  const identity = {
    id,
    providerType: apiKeyType,
    providerId: providerIdOf(appId, apiKeyType),
    key: hashIdentity(apiKeyType, id),
    data,
  };
  return {
    id: userId,
    appId,
    type: "server",
    permission: role,
    identities: [identity],
    data,
    disabled: false,
    createdAt,
    devices: [],
  };
}
