/**
 * The administration API under `/api/admin/v3.0`: who may call, and which resources there are.
 *
 * To add a resource: its file beside this one, and a line in `adminApi`.
 *
 * @module
 */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { Fault } from "../kit/fault.ts";
import { equalsInConstantTime, hashSecret } from "../kit/secret.ts";
import type { AdminServices } from "./admin-services.ts";
import { apiKeyRoutes } from "./api-keys.ts";
import { appRoutes } from "./apps.ts";
import { dataApiRoutes } from "./data-api.ts";
import { dataSourceRoutes } from "./data-sources.ts";
import { securityRoutes } from "./security.ts";
import { serverRoutes } from "./server.ts";

export function adminApi(services: AdminServices): (instance: FastifyInstance) => Promise<void> {
  return async (instance) => {
    takeEmptyBodies(instance);
    // After the body: a client that is told to log in again repeats its request from what was read of it.
    instance.addHook("preHandler", async (request) => {
      mustBeAdministrator(request, services);
    });
    instance.setNotFoundHandler({ preHandler: async () => {} }, async () => {
      throw new Fault("NotFound", "not found");
    });
    await instance.register(serverRoutes(services));
    await instance.register(
      async (group) => {
        group.addHook("preHandler", async (request) => {
          const { groupId } = request.params as { readonly groupId: string };
          if (groupId !== services.groupId) throw new Fault("NotFound", "group not found");
        });
        await group.register(appRoutes(services));
        await group.register(apiKeyRoutes(services));
        await group.register(dataApiRoutes(services));
        await group.register(dataSourceRoutes(services));
        await group.register(securityRoutes(services));
      },
      { prefix: "/groups/:groupId" },
    );
  };
}

/** `PUT` and `POST` without a body come with any `Content-Type`, or with none. */
function takeEmptyBodies(instance: FastifyInstance): void {
  instance.removeAllContentTypeParsers();
  instance.addContentTypeParser("*", { parseAs: "string" }, (_request, text, done) => {
    if (text === "") {
      done(null, undefined);
      return;
    }
    try {
      done(null, JSON.parse(String(text)));
    } catch {
      done(new Fault("BadRequest", "the body is no JSON"), undefined);
    }
  });
}

function mustBeAdministrator(request: FastifyRequest, services: AdminServices): void {
  const match = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "");
  const token = match?.[1];
  if (token === undefined || !equalsInConstantTime(hashSecret(token), services.adminTokenHash))
    throw new Fault("InvalidSession", "invalid session");
}
