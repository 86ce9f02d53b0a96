/** `/groups/{g}/apps/{a}/users`: the users of an app. */
import { type Static, Type } from "@sinclair/typebox";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Accounts } from "../auth/accounts.ts";
import { toDeviceDoc } from "../auth/device.ts";
import type { PasswordAccount } from "../auth/passwords.ts";
import { importedUser } from "../auth/user-import.ts";
import { providerIdOf, type UserRecord } from "../auth/user-record.ts";
import type { UserQuery } from "../auth/users.ts";
import type { Doc } from "../bson/doc.ts";
import { toText } from "../bson/stringify.ts";
import { Fault } from "../kit/fault.ts";
import type { AdminServices } from "./admin-services.ts";

const newUser = Type.Object({ email: Type.String(), password: Type.String() });
const newEmail = Type.Object({ email: Type.String() });
const newPassword = Type.Object({ password: Type.String() });
const imported = Type.Object({ users: Type.Array(importedUser, { maxItems: 1000 }) });
const claim = Type.Object({
  sub: Type.Optional(Type.String({ minLength: 1, maxLength: 4096 })),
  email: Type.Optional(Type.String({ minLength: 1, maxLength: 254 })),
  user_id: Type.String({ pattern: "^[0-9a-f]{24}$" }),
});
const claims = Type.Object({ claims: Type.Array(claim, { maxItems: 1000 }) });

interface AppParams {
  readonly appId: string;
}
interface UserParams extends AppParams {
  readonly userId: string;
}
type Query = Readonly<Partial<Record<string, string>>>;

/** Atlas: the tool has no second page; whoever asks for pages gets 50 a page. */
const listedMax = 10_000;
const pageMax = 50;

export function userRoutes(services: AdminServices): (instance: FastifyInstance) => Promise<void> {
  const { apps, accounts } = services;
  const { users, passwords } = accounts;
  return async (instance) => {
    instance.get<{ Params: AppParams; Querystring: Query }>(
      "/apps/:appId/users",
      async (request) => {
        const { id } = apps.must(request.params.appId);
        return (await users.list(id, readQuery(request.query))).map(describeUser);
      },
    );
    instance.post<{ Params: AppParams; Body: Static<typeof newUser> }>(
      "/apps/:appId/users",
      { schema: { body: newUser } },
      async (request, reply) => {
        const { id } = apps.must(request.params.appId);
        const made = await accounts.changes.create(id, request.body);
        return reply.code(201).send(describeUser(made));
      },
    );
    instance.get<{ Params: UserParams }>("/apps/:appId/users/:userId", async (request) => {
      const { id } = apps.must(request.params.appId);
      const found = await find(accounts, id, request.params.userId);
      return "identities" in found ? describeUser(found) : describePending(found);
    });
    instance.delete<{ Params: UserParams }>(
      "/apps/:appId/users/:userId",
      async (request, reply) => {
        const { id } = apps.must(request.params.appId);
        const found = await find(accounts, id, request.params.userId);
        if ("identities" in found) await accounts.deleteUser(id, found.id);
        else await passwords.delete(id, found.id);
        return reply.code(204).send();
      },
    );
    instance.get<{ Params: UserParams }>("/apps/:appId/users/:userId/devices", async (request) => {
      const { devices } = await mustFind(request);
      return devices.map((device) => toJson(toDeviceDoc(device)));
    });
    await instance.register(changeRoutes(services));
    await instance.register(movingRoutes(services));
  };

  async function mustFind({ params }: FastifyRequest<{ Params: UserParams }>): Promise<UserRecord> {
    return users.must(apps.must(params.appId).id, params.userId);
  }
}

function changeRoutes(services: AdminServices): (instance: FastifyInstance) => Promise<void> {
  const { apps, accounts } = services;
  return async (instance) => {
    const changes: readonly (readonly [string, (appId: string, id: string) => Promise<void>])[] = [
      ["enable", async (appId, id) => accounts.setDisabled(appId, id, false)],
      ["disable", async (appId, id) => accounts.setDisabled(appId, id, true)],
      ["logout", async (appId, id) => accounts.revoke(appId, id)],
    ];
    for (const [word, change] of changes)
      instance.put<{ Params: UserParams }>(
        `/apps/:appId/users/:userId/${word}`,
        async (request, reply) => {
          await change(apps.must(request.params.appId).id, request.params.userId);
          return reply.code(204).send();
        },
      );
    instance.patch<{ Params: UserParams; Body: Static<typeof newEmail> }>(
      "/apps/:appId/users/:userId/reset_email",
      { schema: { body: newEmail } },
      async (request, reply) => {
        const { appId, userId } = request.params;
        await accounts.changes.setEmail(apps.must(appId).id, userId, request.body.email);
        return reply.code(204).send();
      },
    );
    // Ours.
    instance.put<{ Params: UserParams; Body: Static<typeof newPassword> }>(
      "/apps/:appId/users/:userId/password",
      { schema: { body: newPassword } },
      async (request, reply) => {
        const { appId, userId } = request.params;
        await accounts.changes.setPassword(apps.must(appId).id, userId, request.body.password);
        return reply.code(204).send();
      },
    );
  };
}

/** Ours: taking over the users of another server. */
function movingRoutes(services: AdminServices): (instance: FastifyInstance) => Promise<void> {
  const { apps, accounts } = services;
  return async (instance) => {
    instance.post<{ Params: AppParams; Body: Static<typeof imported> }>(
      "/apps/:appId/users/import",
      { schema: { body: imported } },
      async (request) =>
        accounts.importUsers(apps.must(request.params.appId).id, request.body.users),
    );
    instance.post<{ Params: AppParams; Body: Static<typeof claims> }>(
      "/apps/:appId/users/claims",
      { schema: { body: claims } },
      async (request) => ({
        count: await accounts.claims.add(apps.must(request.params.appId).id, request.body.claims),
      }),
    );
  };
}

/** A user, or a registration that waits to be confirmed: the tool deletes both in the same place. */
async function find(
  { users, passwords }: Accounts,
  appId: string,
  id: string,
): Promise<UserRecord | PasswordAccount> {
  const user = await users.find(appId, id);
  if (user !== undefined) return user;
  const account = /^[0-9a-f]{24}$/.test(id) ? await passwords.findById(appId, id) : undefined;
  if (account !== undefined && !account.isConfirmed) return account;
  throw new Fault("UserNotFound", "user not found");
}

function readQuery(query: Query): UserQuery {
  const { after, status, desc, limit, q: text } = query;
  const isPaged = after !== undefined || query["sort"] !== undefined || desc !== undefined;
  const wanted = Number(limit ?? (isPaged ? pageMax : listedMax));
  const types = (query["provider_types"] ?? "").split(",").filter((each) => each !== "");
  return {
    limit: Number.isInteger(wanted) && wanted > 0 ? Math.min(wanted, listedMax) : pageMax,
    providerTypes: types,
    descending: desc === "true",
    ...(after === undefined ? {} : { after }),
    ...(text === undefined || text === "" ? {} : { text }),
    ...(status === "enabled" || status === "disabled" ? { disabled: status === "disabled" } : {}),
  };
}

/** Times are whole seconds since 1970: the tool takes no others. */
function describeUser(user: UserRecord): Readonly<Record<string, unknown>> {
  return {
    _id: user.id,
    identities: user.identities.map(({ id, providerType, providerId, data }) => ({
      id,
      provider_type: providerType,
      provider_id: providerId,
      provider_data: data === undefined ? {} : toJson(data),
    })),
    type: user.type,
    disabled: user.disabled,
    data: toJson(user.data),
    creation_date: Math.floor(user.createdAt / 1000),
    last_authentication_date: Math.floor((user.lastLoginAt ?? 0) / 1000),
  };
}

/** As a user too, since the tool shows none without identities. */
export function describePending(account: PasswordAccount): Readonly<Record<string, unknown>> {
  const { id, appId, email, createdAt } = account;
  const provider = {
    provider_type: "local-userpass",
    provider_id: providerIdOf(appId, "local-userpass"),
  };
  return {
    _id: id,
    domain_id: appId,
    login_ids: [{ id_type: "email", id: email }],
    user_id: "",
    identities: [{ id, ...provider, provider_data: { email } }],
    type: "normal",
    disabled: false,
    data: { email },
    creation_date: Math.floor(createdAt / 1000),
    last_authentication_date: 0,
  };
}

function toJson(doc: Doc): unknown {
  return JSON.parse(toText(doc, "relaxed"));
}
