import { type Static, Type } from "@sinclair/typebox";
import type { FastifyInstance } from "fastify";
import type { AdminRole } from "../auth/administrators.ts";
import { duplicateIndexOf } from "../config/state-store.ts";
import { Fault } from "../kit/fault.ts";
import type { AdminServices } from "./admin-services.ts";

const backup = Type.Object({ directory: Type.String({ minLength: 1 }) });
const role = Type.Optional(Type.Union([Type.Literal("owner"), Type.Literal("readOnly")]));
const newPassword = Type.Object({ password: Type.String() });
const person = Type.Object({ email: Type.String(), password: Type.String(), role });

/** What concerns the server as a whole. */
export function serverRoutes(
  services: AdminServices,
): (instance: FastifyInstance) => Promise<void> {
  const { administrators, secrets, sessions } = services;
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
      (await administrators.list()).map(({ id, ...others }) => ({ _id: id, ...others })),
    );
    instance.post<{ Body: Static<typeof person> }>(
      "/administrators",
      { schema: { body: person } },
      async (request, reply) => {
        const { email, password, role: wanted } = request.body;
        try {
          await administrators.create(email, password, wanted);
        } catch (cause) {
          if (duplicateIndexOf(cause) === undefined) throw cause;
          throw new Fault("AccountNameInUse", `there is an administrator '${email}'`, { cause });
        }
        return reply.code(201).send({ name: request.body.email });
      },
    );
    instance.put<{ Params: { readonly id: string }; Body: Static<typeof newPassword> }>(
      "/administrators/:id/password",
      { schema: { body: newPassword } },
      async ({ params, body }, reply) => {
        await administrators.setPassword(params.id, body.password);
        // Whoever knew the old one is let in no more.
        await sessions.endAll(params.id);
        return reply.code(204).send();
      },
    );
    instance.delete<{ Params: { readonly id: string } }>(
      "/administrators/:id",
      async (request, reply) => {
        await administrators.delete(request.params.id);
        return reply.code(204).send();
      },
    );
    instance.post("/administrators/keys", async (request, reply) => {
      const { publicKey, privateKey } = await administrators.createKey(readRole(request.body));
      return reply.code(201).send({ public_key: publicKey, private_key: privateKey });
    });
  };
}

/** The body may be missing. @throws {Fault} `InvalidParameter` */
function readRole(body: unknown): AdminRole {
  const wanted = (body as { readonly role?: unknown } | null | undefined)?.role ?? "owner";
  if (wanted === "owner" || wanted === "readOnly") return wanted;
  throw new Fault("InvalidParameter", "role must be owner or readOnly");
}
