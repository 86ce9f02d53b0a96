/** An app of which everything leaves an entry in its log, and what those entries have in common. */
import { expect } from "vitest";
import { send } from "./scenario.ts";
import {
  type ClientSession,
  standardProviders,
  startUsersApp,
  type UsersApp,
} from "./users-app.ts";

export type Entry = Readonly<Record<string, unknown>>;

export interface LogStage {
  readonly app: UsersApp;
  /** Sees the documents that are shown, and of these some fields. */
  readonly guest: ClientSession;
  /** May do everything. */
  readonly member: ClientSession;
  readonly email: string;
  /** Calls an action on the pets, as the member if nobody else is named. @returns the answer's request id */
  act(action: string, fields: object, session?: ClientSession): Promise<string>;
  /** Calls the client API. @returns the answer's request id */
  client(method: string, to: string, body: object | undefined, token?: string): Promise<string>;
  entryOf(coId: string): Promise<Entry>;
}

/** What is called, the type and the status of its entry, and what it has of its own. */
export type LogRow = readonly [
  title: string,
  call: (stage: LogStage) => Promise<string>,
  type: string,
  status: number,
  own: (stage: LogStage) => Entry,
];

const staff = { "%%user.data.email": { $exists: true } };
const role = (name: string, apply: object, more: object): object => ({
  name,
  apply_when: apply,
  insert: true,
  delete: true,
  search: true,
  ...more,
});
const rules = {
  roles: [
    role("staff", staff, { read: true, write: true }),
    role(
      "guest",
      { shown: true },
      {
        fields: { name: { read: true }, shown: { read: true }, _id: { read: true } },
        additional_fields: { read: false, write: false },
        insert: false,
      },
    ),
  ],
};
const schema = {
  title: "pet",
  bsonType: "object",
  required: ["name"],
  properties: { _id: { bsonType: "int" }, name: { bsonType: "string" }, age: { bsonType: "int" } },
};

export async function startLogStage(): Promise<LogStage> {
  const app = await startUsersApp({
    providers: {
      ...standardProviders,
      "custom-function": {
        name: "custom-function",
        type: "custom-function",
        config: { authFunctionName: "logIn" },
        disabled: false,
      },
    },
    files: {
      "data_sources/mongodb-atlas/shop/pets/rules.json": {
        database: "shop",
        collection: "pets",
        ...rules,
      },
      "data_sources/mongodb-atlas/shop/pets/schema.json": schema,
      "data_sources/mongodb-atlas/shop/pets/relationships.json": {},
      "functions/greet.js": `exports = (name) => { console.log("hello", name); return name; };`,
      "functions/logIn.js": `exports = ({ id }) => {
        console.log("somebody comes");
        if (id === "no") throw new Error("not today");
        return id;
      };`,
      "functions/pets.js": `exports = async () => {
        const pets = context.services.get("mongodb-atlas").db("shop").collection("pets");
        return (await pets.find({}).toArray()).length;
      };`,
      "functions/answer.js": `exports = ({ query }, response) => { console.log("asked"); return query; };`,
      "functions/config.json": [
        { name: "greet", disable_arg_logs: false },
        { name: "logIn", private: true, run_as_system: true },
        { name: "pets" },
        { name: "answer", disable_arg_logs: false },
      ],
      "http_endpoints/config.json": [
        {
          route: "/answer",
          http_method: "POST",
          function_name: "answer",
          validation_method: "NO_VALIDATION",
          respond_result: true,
          disabled: false,
        },
      ],
    },
  });
  const email = await app.register("a long password");
  const member = await app.logIn("local-userpass", {
    username: email,
    password: "a long password",
  });
  const guest = await app.logIn("anon-user", {});
  /** Calls an action on the pets. @returns the answer's request id */
  async function act(action: string, fields: object, session = member): Promise<string> {
    const body = { dataSource: "mongodb-atlas", database: "shop", collection: "pets", ...fields };
    const headers = { apiKey: undefined, Authorization: `Bearer ${session.access_token}` };
    const answer = await send(app.server, { to: action, headers, body }, "pets");
    return String(answer.headers["x-request-id"]);
  }

  async function client(
    method: string,
    to: string,
    body: object | undefined,
    token?: string,
  ): Promise<string> {
    return String((await app.client(method, to, body, token)).headers["x-request-id"]);
  }

  async function entryOf(coId: string): Promise<Entry> {
    const page = await app.admin<{ readonly logs: readonly Entry[] }>(
      "GET",
      `{A}/logs?co_id=${coId}`,
    );
    const [entry, ...others] = page.body.logs;
    expect(others).toEqual([]);
    return entry ?? {};
  }

  for (const document of [
    { _id: 1, name: "Rex", shown: true, age: 3 },
    { _id: 2, name: "Tom", shown: true },
    { _id: 3, name: "Ida", shown: false },
  ])
    await act("insertOne", { document });
  return { app, guest, member, email, act, client, entryOf };
}
