import type { FastifyInstance } from "fastify";
import { Doc } from "../bson/doc.ts";
import type { UserRecord } from "../auth/user-record.ts";
import type { User } from "../config/user.ts";
import { noting } from "./auth-event.ts";
import { type Answer, type UserCall, userRoute } from "./call.ts";
import type { ClientServices } from "./client-services.ts";

/** A new access token, the end of a session, who I am, and the end of an account. */
export function sessionRoutes(instance: FastifyInstance, services: ClientServices): void {
  const { login } = services.auth;

  const refresh = async ({ token, signal }: UserCall): Promise<Answer> => {
    const accessToken = await login.refresh(token, signal);
    // Atlas: 201 as in the admin API; all clients take any 2xx.
    return { kind: "fields", status: 201, fields: Doc.of({ access_token: accessToken }) };
  };
  const logOut = async ({ token, entry, holder }: UserCall): Promise<Answer> => {
    await noting(entry, eventOf("logout", holder.user), async () => login.logOut(token));
    return { kind: "empty", status: 204 };
  };

  for (const path of ["/auth/session", "/app/:appId/auth/session"]) {
    instance.post(path, userRoute(services, "refresh", refresh));
    instance.delete(path, userRoute(services, "refresh", logOut));
  }
  instance.get(
    "/auth/profile",
    userRoute(services, "access", async ({ app, holder }) => {
      const user = await login.userOf(holder, { withCustomData: false });
      return { kind: "fields", status: 200, fields: toProfile(app.id, user) };
    }),
  );
  instance.delete(
    "/auth/delete",
    userRoute(services, "access", async ({ holder, entry }) => {
      await noting(entry, eventOf("delete", holder.user), async () => login.deleteUser(holder));
      return { kind: "empty", status: 204 };
    }),
  );
}

function eventOf(type: string, { identities }: UserRecord): { type: string; provider: string } {
  return { type, provider: identities[0]?.providerType ?? "" };
}

function toProfile(appId: string, user: User): Doc {
  return Doc.of({
    user_id: user.id,
    domain_id: appId,
    type: user.type,
    identities: user.identities.map(({ id, providerType, providerId, data }) =>
      Doc.of({
        id,
        provider_type: providerType,
        provider_id: providerId,
        ...(data !== undefined && { provider_data: data }),
      }),
    ),
    data: user.data,
  });
}
