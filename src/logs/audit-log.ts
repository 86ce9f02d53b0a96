/** Who changed what through the admin API, and what it was before. */
import { Doc } from "../bson/doc.ts";
import { DateTime, type ObjectId } from "../bson/value.ts";
import type { StateStore } from "../config/state-store.ts";

export interface AuditEntry {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** E-mail address or public key; `local` for whoever holds the data directory. */
  readonly administrator: string;
  readonly address: string;
  readonly method: string;
  /** Below `/api/admin/v3.0`. */
  readonly path: string;
  /** Of an app: 24 hex digits. */
  readonly appId: string | undefined;
  readonly status: number;
  /** 24 hex digits: `X-Request-Id` of the call. */
  readonly coId: string;
  /** JSON without secrets; undefined where there is nothing to show. */
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** What a new deployment changed in the app's directory. */
  readonly changes: readonly string[];
}

export interface AuditFilter {
  readonly appId?: string;
  readonly limit: number;
  readonly skip: number;
}

export interface AuditLog {
  add(entry: AuditEntry): Promise<void>;
  /** The newest first. */
  list(filter: AuditFilter): Promise<readonly AuditEntry[]>;
}

const collectionName = "audit";
const keptMs = 400 * 86_400_000;

/** Makes the collection's indexes. */
export async function prepareAuditLog(state: StateStore): Promise<void> {
  const collection = state.collection(collectionName);
  await collection.createIndex(Doc.of({ app_id: 1, at: -1 }), Doc.of({ name: "app_at" }));
  await collection.createIndex(Doc.of({ at: -1 }), Doc.of({ name: "at" }));
  const options = Doc.of({ name: "expires_at", expireAfterSeconds: 0 });
  await collection.createIndex(Doc.of({ expires_at: 1 }), options);
}

export function openAuditLog(state: StateStore, newId: () => ObjectId): AuditLog {
  const collection = state.collection(collectionName);
  return {
    async add({ at, appId, before, after, changes, coId, ...others }) {
      await collection.insertOne(
        Doc.of({
          _id: newId(),
          at: new DateTime(at),
          ...others,
          co_id: coId,
          ...(appId !== undefined && { app_id: appId }),
          ...(before !== undefined && { before }),
          ...(after !== undefined && { after }),
          changes: [...changes],
          expires_at: new DateTime(at + keptMs),
        }),
      );
    },
    async list({ appId, limit, skip }) {
      const filter = appId === undefined ? Doc.empty : Doc.of({ app_id: appId });
      const found: AuditEntry[] = [];
      const options = { sort: Doc.of({ at: -1, _id: -1 }), limit, skip };
      for await (const batch of collection.find(filter, options))
        found.push(...batch.map(readEntry));
      return found;
    },
  };
}

function readEntry(doc: Doc): AuditEntry {
  const text = (name: string): string | undefined => {
    const value = doc.get(name);
    return typeof value === "string" ? value : undefined;
  };
  const at = doc.get("at");
  const changes = doc.get("changes");
  return {
    at: at instanceof DateTime ? Number(at.ms) : 0,
    administrator: text("administrator") ?? "",
    address: text("address") ?? "",
    method: text("method") ?? "",
    path: text("path") ?? "",
    appId: text("app_id"),
    status: Number(doc.get("status") ?? 0),
    coId: text("co_id") ?? "",
    before: text("before"),
    after: text("after"),
    changes: Array.isArray(changes) ? changes.filter((each) => typeof each === "string") : [],
  };
}
