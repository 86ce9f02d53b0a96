import { type Static, Type } from "@sinclair/typebox";
import type { FastifyInstance } from "fastify";
import type { AdminServices } from "./admin-services.ts";

const backup = Type.Object({ directory: Type.String({ minLength: 1 }) });
const person = Type.Object({ email: Type.String(), password: Type.String() });

/** What concerns the server as a whole. */
export function serverRoutes(
  services: AdminServices,
): (instance: FastifyInstance) => Promise<void> {
  const { administrators, secrets } = services;
  return async (instance) => {
    instance.post<{ Body: Static<typeof backup> }>(
      "/backup",
      { schema: { body: backup } },
      async (request, reply) => {
        await services.backup(request.body.directory);
        return reply.code(204).send();
      },
    );
    instance.post("/secrets/rotate_key", async () => ({ count: await secrets.rotateKey() }));
    instance.get("/administrators", async () =>
      (await administrators.list()).map(({ id, name, kind }) => ({ _id: id, name, kind })),
    );
    instance.post<{ Body: Static<typeof person> }>(
      "/administrators",
      { schema: { body: person } },
      async (request, reply) => {
        await administrators.create(request.body.email, request.body.password);
        return reply.code(201).send({ name: request.body.email });
      },
    );
    instance.post("/administrators/keys", async (_request, reply) => {
      const { publicKey, privateKey } = await administrators.createKey();
      return reply.code(201).send({ public_key: publicKey, private_key: privateKey });
    });
  };
}
