/** An app with users, in this process: its providers are what the test says. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Admin, adminOf } from "./admin.ts";
import { type Answer, send } from "./scenario.ts";
import { startServer, type TestServer } from "./server.ts";

export interface UsersApp {
  readonly server: TestServer;
  /** Calls the client API. @param to below `/api/client/v2.0`; `APP` stands for that of the app */
  client(method: string, to: string, body?: object, token?: string): Promise<Answer>;
  logIn(provider: string, payload: object): Promise<ClientSession>;
  /** A new user of the provider for e-mail and password, confirmed. @returns its address */
  register(password: string): Promise<string>;
  /** The status of a findOne with this access token. */
  asBearer(token: string): Promise<number>;
  readonly admin: Admin["call"];
  readonly group: string;
  /** A findOne of the Data API. */
  findOne(headers: Readonly<Record<string, string>>): Promise<Answer>;
  close(): Promise<void>;
}

export interface ClientSession {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly user_id: string;
  readonly device_id: string;
}

export const standardProviders = {
  "anon-user": { name: "anon-user", type: "anon-user", disabled: false },
  "api-key": { name: "api-key", type: "api-key", disabled: false },
  "local-userpass": {
    name: "local-userpass",
    type: "local-userpass",
    config: { autoConfirm: true },
    disabled: false,
  },
};

const dataApi = {
  disabled: false,
  versions: ["v1"],
  return_type: "JSON",
  create_user_on_auth: true,
};

const everything = {
  name: "everything",
  apply_when: {},
  document_filters: { read: true, write: true },
  read: true,
  write: true,
  insert: true,
  delete: true,
  search: true,
};

export interface UsersAppOptions {
  readonly providers?: object;
  /** More files of the app directory, or others in their place. */
  readonly files?: Readonly<Record<string, string | object>>;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly flags?: Readonly<Record<string, unknown>>;
  readonly apiKey?: string;
  readonly variables?: Readonly<Record<string, string>>;
}

export async function startUsersApp(options: UsersAppOptions = {}): Promise<UsersApp> {
  const directory = mkdtempSync(path.join(tmpdir(), "petiole-users-"));
  const files = {
    "realm_config.json": { config_version: 20210101, name: "users", app_id: "data-tests" },
    "auth/providers.json": options.providers ?? standardProviders,
    "http_endpoints/data_api_config.json": dataApi,
    "data_sources/mongodb-atlas/config.json": {
      name: "mongodb-atlas",
      type: "mongodb-atlas",
      config: { clusterName: "Cluster0" },
      version: 1,
    },
    "data_sources/mongodb-atlas/default_rule.json": { roles: [everything], filters: [] },
    ...options.files,
  };
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(directory, name)), { recursive: true });
    writeFileSync(
      path.join(directory, name),
      typeof content === "string" ? content : JSON.stringify(content),
    );
  }
  const variables = Object.fromEntries(
    Object.entries(options.secrets ?? {}).map(([name, value]) => [`PETIOLE_SECRET_${name}`, value]),
  );
  const server = await startServer({ appDir: directory, ...options.flags }, options.apiKey, {
    ...variables,
    ...options.variables,
  });
  return open(server, directory);
}

async function open(server: TestServer, directory: string): Promise<UsersApp> {
  const base = "/api/client/v2.0";

  async function client(
    method: string,
    to: string,
    body?: object,
    token?: string,
  ): Promise<Answer> {
    const headers = {
      apiKey: undefined,
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    };
    const target = `${base}${to.replace("APP", `/app/${server.appId}`)}`;
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    return send(server, { method, to: target, headers, ...sent }, "");
  }

  async function findOne(headers: Readonly<Record<string, string>>): Promise<Answer> {
    return send(
      server,
      { to: "findOne", headers: { apiKey: undefined, ...headers }, body: {} },
      "c",
    );
  }

  const local = await adminOf(server);
  let registered = 0;

  return {
    server,
    client,
    findOne,
    group: local.group,
    admin: async (...call) => local.call(...call),
    async logIn(provider, payload) {
      const answer = await client("POST", `APP/auth/providers/${provider}/login`, payload);
      if (answer.status !== 200) throw new Error(`${answer.status} ${answer.body}`);
      return JSON.parse(answer.body) as ClientSession;
    },
    async register(password) {
      registered += 1;
      const email = `user-${registered}@example.com`;
      const to = "APP/auth/providers/local-userpass/register";
      const { status, body } = await client("POST", to, { email, password });
      if (status !== 201) throw new Error(body);
      return email;
    },
    asBearer: async (token) => (await findOne({ Authorization: `Bearer ${token}` })).status,
    async close() {
      await server.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
