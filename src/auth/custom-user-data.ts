/** Custom user data: the document that an app keeps of a user in a collection of its own. */
import { Doc } from "../bson/doc.ts";
import { readObjectId } from "../bson/object-id.ts";
import type { AppConfig, CustomUserDataConfig } from "../config/app-config.ts";
import type { App } from "../config/app.ts";
import type { IsRefused } from "../config/internal-database.ts";
import { Fault } from "../kit/fault.ts";
import type { DataSource } from "../sources/source.ts";

export interface CustomUserData {
  /**
   * The user's document; empty where there is none, or custom user data is off. Reads past all rules.
   *
   * @throws {Fault} `BadRequest` when it can not be read
   */
  read(
    place: { readonly app: App; readonly config: AppConfig | undefined },
    userId: string,
    signal: AbortSignal,
  ): Promise<Doc>;
}

export function createCustomUserData(environment: {
  /** By the name of the store that a data source leads to. */
  readonly stores: ReadonlyMap<string, DataSource>;
  readonly isRefused: IsRefused;
}): CustomUserData {
  const { stores, isRefused } = environment;

  return {
    async read({ app, config }, userId, signal) {
      const wanted = config?.customUserData;
      if (wanted === undefined || !wanted.enabled) return Doc.empty;
      const link = app.dataSources.get(wanted.dataSource);
      const store = link === undefined ? undefined : stores.get(link.store);
      if (store === undefined || isRefused(wanted.database)) throw failed();
      try {
        return (await find(store, wanted, userId, signal)) ?? Doc.empty;
      } catch (cause) {
        throw failed(cause);
      }
    },
  };
}

/** The id as a string comes before the id as an ObjectId; of several documents, the one that was there first. */
async function find(
  store: DataSource,
  { database, collection: name, userIdField }: CustomUserDataConfig,
  userId: string,
  signal: AbortSignal,
): Promise<Doc | null> {
  const collection = store.collection(database, name);
  const found = await collection.findOne(Doc.of({ [userIdField]: userId }), { signal });
  const id = readObjectId(userId);
  if (found !== null || id === undefined) return found;
  return collection.findOne(Doc.of({ [userIdField]: id }), { signal });
}

function failed(cause?: unknown): Fault {
  return new Fault("BadRequest", "failed to read custom user data", { cause });
}
