import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { MongoClient } from "mongodb";
import { inject } from "vitest";
import { writeAppDirectory } from "./app-directory.ts";
import type { Sample } from "./app-samples.ts";
import { startServer, type TestServer } from "./server.ts";

/** What signs the tokens of `custom-token`. */
export const jwtSecret = "a-signing-key-of-32-characters-or-more";

const openRole = {
  name: "everybody",
  apply_when: {},
  document_filters: { read: true, write: true },
  read: true,
  write: true,
  insert: true,
  delete: true,
  search: true,
};

/** An app in which everybody may do everything, and log in in many ways. */
export const clientApp: Sample = {
  "realm_config.json": { config_version: 20210101, name: "data", app_id: "data-tests" },
  "auth/providers.json": {
    "anon-user": { name: "anon-user", type: "anon-user" },
    "api-key": { name: "api-key", type: "api-key" },
    "local-userpass": {
      name: "local-userpass",
      type: "local-userpass",
      config: {
        autoConfirm: false,
        emailConfirmationUrl: "https://shop.example.org/confirm",
        confirmEmailSubject: "Welcome",
        resetPasswordUrl: "https://shop.example.org/reset",
        resetPasswordSubject: "A new password",
      },
    },
    "custom-token": {
      name: "custom-token",
      type: "custom-token",
      config: { audience: "shop", signingAlgorithm: "HS256", useJWKURI: false },
      secret_config: { signingKeys: ["jwt_key"] },
      metadata_fields: [{ required: true, name: "profile.name", field_name: "name" }],
    },
  },
  "auth/custom_user_data.json": { enabled: false },
  "data_sources/mongodb-atlas/config.json": {
    name: "mongodb-atlas",
    type: "mongodb-atlas",
    config: { clusterName: "Cluster0" },
  },
  "data_sources/mongodb-atlas/default_rule.json": { roles: [openRole] },
  "http_endpoints/data_api_config.json": { disabled: false, versions: ["v1"], return_type: "JSON" },
};

export interface ClientServer extends TestServer {
  /** Every mail that was sent so far, oldest first. */
  mails(): Promise<readonly string[]>;
}

/** @param source where the app's data lies @param flags more settings */
export async function startClientServer(
  source: "embedded" | "mongodb",
  sample: Sample = clientApp,
  flags: Readonly<Record<string, unknown>> = {},
): Promise<ClientServer> {
  const directory = await writeAppDirectory(sample);
  const secrets = path.join(directory.around, "secrets.json");
  await writeFile(
    secrets,
    JSON.stringify({ jwt_key: jwtSecret, oauth_secret: "client-secret-of-the-tests" }),
  );
  const mailDir = path.join(directory.around, "mail");
  await mkdir(mailDir);
  const given = { appDir: directory.path, secrets, mailDir, ...sourceFlags(source), ...flags };
  const server = await startServer(given, undefined, { PETIOLE_MASTER_KEY: "m".repeat(64) });
  return {
    ...server,
    async mails() {
      const names = (await readdir(mailDir)).toSorted();
      return Promise.all(names.map(async (name) => readFile(path.join(mailDir, name), "utf8")));
    },
    async close() {
      await server.close();
      await directory.delete();
      if (source === "mongodb") await dropDatabase(server.database);
    },
  };
}

/** On the run's MongoDB. */
export async function dropDatabase(name: string): Promise<void> {
  const client = new MongoClient(inject("mongodUri") ?? "");
  await client.db(name).dropDatabase();
  await client.close();
}

/** The settings by which an app's data lies there. */
export function sourceFlags(source: "embedded" | "mongodb"): Readonly<Record<string, unknown>> {
  return source === "mongodb" ? { source: `mongodb-atlas=${inject("mongodUri")}` } : {};
}

/** The data sources that can be tested here. */
export function sourcesHere(): readonly ("embedded" | "mongodb")[] {
  return inject("mongodUri") === null ? ["embedded"] : ["embedded", "mongodb"];
}
