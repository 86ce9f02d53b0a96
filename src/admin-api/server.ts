import { type Static, Type } from "@sinclair/typebox";
import type { FastifyInstance } from "fastify";
import type { AdminServices } from "./admin-services.ts";

const backup = Type.Object({ directory: Type.String({ minLength: 1 }) });

/** What concerns the server as a whole. */
export function serverRoutes(
  services: AdminServices,
): (instance: FastifyInstance) => Promise<void> {
  return async (instance) => {
    instance.get("/auth/profile", async () => ({
      user_id: services.groupId,
      roles: [{ role_name: "GROUP_OWNER", group_id: services.groupId }],
    }));
    instance.post<{ Body: Static<typeof backup> }>(
      "/backup",
      { schema: { body: backup } },
      async (request, reply) => {
        await services.backup(request.body.directory);
        return reply.code(204).send();
      },
    );
  };
}
