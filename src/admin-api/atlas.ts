/** What the original's command-line tool asks Atlas for, under `/api`: the project, and what an app can be linked to. */
import type { FastifyInstance, FastifyReply } from "fastify";
import type { AdminServices } from "./admin-services.ts";

interface GroupParams {
  readonly groupId: string;
}

export function atlasApi(services: AdminServices): (instance: FastifyInstance) => Promise<void> {
  const { digest, groupId } = services;
  return async (instance) => {
    instance.addHook("onRequest", async (request, reply) => {
      const target = request.raw.url ?? "";
      const prefix = /^[a-z]+:\/\/[^/]*(.*)$/i.exec(services.baseUrl(request.raw))?.[1] ?? "";
      const challenge = await digest.challenge({
        method: request.method,
        targets: [target, `${prefix}${target}`],
        authorization: request.headers.authorization,
      });
      if (challenge === undefined) return undefined;
      reply.header("WWW-Authenticate", challenge);
      return refuse(reply, 401, "Unauthorized", "the key pair is not right");
    });
    instance.get("/public/v1.0/groups", async () => listOf([{ id: groupId, name: "petiole" }]));
    await instance.register(
      async (group) => {
        group.addHook<{ Params: GroupParams }>("preHandler", async (request, reply) =>
          request.params.groupId === groupId
            ? undefined
            : refuse(reply, 404, "Not Found", "group not found"),
        );
        group.get("/clusters", async () => listOf(clustersOf(services)));
        group.get("/serverless", async () => listOf([]));
        group.get("/dataLakes", async () => []);
      },
      { prefix: "/atlas/v1.0/groups/:groupId" },
    );
  };
}

/** Each data source once, whichever apps have it: the tool finds a cluster by its name. */
function clustersOf({ apps }: AdminServices): readonly object[] {
  const ids = new Map<string, string>();
  for (const { dataSources } of apps.list())
    for (const { id, name } of dataSources.values()) if (!ids.has(name)) ids.set(name, id);
  return [...ids].map(([name, id]) => ({ id, name, stateName: "IDLE" }));
}

/** There is never a next page, to which a link would lead. */
function listOf(results: readonly object[]): object {
  return { links: [], results, totalCount: results.length };
}

function refuse(reply: FastifyReply, error: number, reason: string, detail: string): FastifyReply {
  return reply.code(error).send({ detail, error, reason });
}
