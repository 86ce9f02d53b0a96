/** The server that is the judge. */
import { MongoClient } from "mongodb";
import { openMongodb } from "../../src/sources/mongodb.ts";
import type { DataSource } from "../../src/sources/source.ts";

/**
 * Opens a MongoDB as the judge.
 *
 * Its newer engine runs some pipelines, with failures of its own and with MinKey, Symbol and Code turned into
 * something else; the older one, which runs all of them, is the one to follow.
 */
export async function openJudgingServer(uri: string): Promise<DataSource> {
  const client = new MongoClient(uri);
  try {
    await client.db("admin").command({ setParameter: 1, internalQueryForceClassicEngine: true });
  } finally {
    await client.close();
  }
  return openMongodb(uri, { name: "mongodb" });
}
