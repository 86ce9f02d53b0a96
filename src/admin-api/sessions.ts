import { type Static, Type } from "@sinclair/typebox";
import type { FastifyInstance } from "fastify";
import { bearerOf, mustBeAdministrator } from "./administrator.ts";
import type { AdminServices } from "./admin-services.ts";

const keyPair = Type.Object({ username: Type.String(), apiKey: Type.String() });
const password = Type.Object({ username: Type.String(), password: Type.String() });
const once = Type.Object({ token: Type.String() });

/** `/auth/…`: login, session and profile; the only routes that take no access token, but for the profile. */
export function sessionRoutes(
  services: AdminServices,
): (instance: FastifyInstance) => Promise<void> {
  const { sessions, groupId } = services;
  return async (instance) => {
    instance.post<{ Body: Static<typeof keyPair> }>(
      "/auth/providers/mongodb-cloud/login",
      { schema: { body: keyPair } },
      async ({ body }) => describe(await sessions.logIn("key", body.username, body.apiKey)),
    );
    instance.post<{ Body: Static<typeof password> }>(
      "/auth/providers/local-userpass/login",
      { schema: { body: password } },
      async ({ body }) => describe(await sessions.logIn("person", body.username, body.password)),
    );
    // Atlas: it had no first start. The link to the console that `serve` prints carries the token.
    instance.post<{ Body: Static<typeof once> }>(
      "/auth/providers/one-time/login",
      { schema: { body: once } },
      async ({ body }) => describe(await sessions.logInOnce(body.token)),
    );
    instance.get("/auth/providers", async () => [
      { name: "mongodb-cloud", type: "mongodb-cloud", disabled: false },
      { name: "local-userpass", type: "local-userpass", disabled: false },
    ]);
    instance.post("/auth/session", async (request, reply) => {
      const accessToken = await sessions.refresh(bearerOf(request) ?? "");
      return reply.code(201).send({ access_token: accessToken });
    });
    instance.delete("/auth/session", async (request, reply) => {
      await sessions.logOut(bearerOf(request) ?? "");
      return reply.code(204).send();
    });
    instance.get("/auth/profile", async (request) => {
      const { id, role } = mustBeAdministrator(request, services);
      const roleName = role === "owner" ? "GROUP_OWNER" : "GROUP_READ_ONLY";
      return { user_id: id, roles: [{ role_name: roleName, group_id: groupId }] };
    });
  };
}

function describe(session: {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly userId: string;
}): Readonly<Record<string, string>> {
  return {
    access_token: session.accessToken,
    refresh_token: session.refreshToken,
    user_id: session.userId,
    device_id: "000000000000000000000000",
  };
}
