import { type Static, Type } from "@sinclair/typebox";
import type { FastifyInstance } from "fastify";
import { Fault } from "../kit/fault.ts";
import type { AdminServices } from "./admin-services.ts";
import {
  editFiles,
  type EditedFiles,
  readAppFiles,
  readJson,
  withoutIds,
  writeJson,
} from "./app-files.ts";
import {
  type CollectionPlace,
  folderOf,
  listCollections,
  mustFindService,
} from "./data-source-files.ts";
import { partIdOf } from "../config/part-id.ts";

const parts = Type.Array(Type.Record(Type.String(), Type.Unknown()), { maxItems: 1000 });
const name = Type.String({ minLength: 1, maxLength: 255 });
const rule = Type.Object({
  _id: Type.Optional(Type.String()),
  database: name,
  collection: name,
  roles: Type.Optional(parts),
  filters: Type.Optional(parts),
});
const defaultRule = Type.Object({
  _id: Type.Optional(Type.String()),
  roles: Type.Optional(parts),
  filters: Type.Optional(parts),
});
type Rule = Static<typeof rule>;

interface ServiceParams {
  readonly appId: string;
  readonly serviceId: string;
}
interface RuleParams extends ServiceParams {
  readonly ruleId: string;
}

/** `…/services/{s}/rules` and `…/services/{s}/default_rule`: who may do what with documents. */
export function ruleRoutes(services: AdminServices): (instance: FastifyInstance) => Promise<void> {
  return async (instance) => {
    await instance.register(collectionRoutes(services));
    await instance.register(defaultRoutes(services));
  };
}

function collectionRoutes(services: AdminServices): (instance: FastifyInstance) => Promise<void> {
  const base = "/apps/:appId/services/:serviceId/rules";
  return async (instance) => {
    instance.get<{ Params: ServiceParams }>(base, async (request) => {
      const files = await readAppFiles(request, services);
      return listRules(files, request.params.serviceId).map((place) => describe(files, place));
    });
    instance.post<{ Params: ServiceParams; Body: Rule }>(
      base,
      { schema: { body: rule } },
      async (request, reply) => {
        const { appId, serviceId } = request.params;
        const { database, collection } = request.body;
        let made = {};
        await editFiles(request, services, {
          appId,
          message: `rules of ${database}.${collection} made`,
          change(files) {
            const service = mustFindService(files, serviceId);
            const folder = folderOf(files, service, database, collection);
            if (files.has(`${folder}/rules.json`))
              throw new Fault("RuleAlreadyExists", `rule exists: '${database}.${collection}'`);
            writeJson(files, `${folder}/rules.json`, toFile(request.body));
            made = describe(files, { service, database, collection, folder });
          },
        });
        return reply.code(201).send(made);
      },
    );
    instance.get<{ Params: RuleParams }>(`${base}/:ruleId`, async (request) => {
      const files = await readAppFiles(request, services);
      return describe(files, mustFind(files, request.params));
    });
    instance.put<{ Params: RuleParams; Body: Rule }>(
      `${base}/:ruleId`,
      { schema: { body: rule } },
      async (request) => {
        let made = {};
        await editFiles(request, services, {
          appId: request.params.appId,
          message: "rules changed",
          change(files) {
            const place = mustFind(files, request.params);
            const { database, collection } = request.body;
            if (database !== place.database || collection !== place.collection)
              throw new Fault("InvalidParameter", "a rule keeps its database and collection");
            writeJson(files, `${place.folder}/rules.json`, toFile(request.body));
            made = describe(files, place);
          },
        });
        return made;
      },
    );
    instance.delete<{ Params: RuleParams }>(`${base}/:ruleId`, async (request, reply) => {
      await editFiles(request, services, {
        appId: request.params.appId,
        message: "rules deleted",
        change(files) {
          files.delete(`${mustFind(files, request.params).folder}/rules.json`);
        },
      });
      return reply.code(204).send();
    });
  };
}

function defaultRoutes(services: AdminServices): (instance: FastifyInstance) => Promise<void> {
  const path = "/apps/:appId/services/:serviceId/default_rule";
  return async (instance) => {
    instance.get<{ Params: ServiceParams }>(path, async (request) =>
      describeDefault(await readAppFiles(request, services), request.params.serviceId),
    );
    for (const method of ["POST", "PUT"] as const)
      instance.route<{ Params: ServiceParams; Body: Static<typeof defaultRule> }>({
        method,
        url: path,
        schema: { body: defaultRule },
        async handler(request, reply) {
          const { appId, serviceId } = request.params;
          let made = {};
          await editFiles(request, services, {
            appId,
            message: "default rule changed",
            change(files) {
              const isThere = files.has(defaultPathOf(files, serviceId));
              if (method === "POST" && isThere)
                throw new Fault("BadRequest", "default rule already exists");
              if (method === "PUT") mustBeIts(describeDefault(files, serviceId), request.body._id);
              writeJson(files, defaultPathOf(files, serviceId), toLists(request.body));
              made = describeDefault(files, serviceId);
            },
          });
          return method === "POST" ? reply.code(201).send(made) : reply.code(204).send();
        },
      });
    instance.delete<{ Params: ServiceParams }>(path, async (request, reply) => {
      const { appId, serviceId } = request.params;
      await editFiles(request, services, {
        appId,
        message: "default rule deleted",
        change(files) {
          describeDefault(files, serviceId);
          files.delete(defaultPathOf(files, serviceId));
        },
      });
      return reply.code(204).send();
    });
  };
}

function describeDefault(files: EditedFiles, serviceId: string): object {
  const held = readJson(files, defaultPathOf(files, serviceId));
  if (held === undefined) throw new Fault("RuleNotFound", "default rule does not exist");
  const { id } = mustFindService(files, serviceId);
  return { _id: partIdOf("default_rule", id), ...listsOf(held) };
}

function defaultPathOf(files: EditedFiles, serviceId: string): string {
  return `${mustFindService(files, serviceId).folder}/default_rule.json`;
}

function mustBeIts(held: object, id: string | undefined): void {
  if (id !== undefined && (held as { readonly _id: string })._id !== id)
    throw new Fault("BadRequest", "service default rule id mismatch");
}

function listRules(files: EditedFiles, serviceId: string): readonly CollectionPlace[] {
  const { id } = mustFindService(files, serviceId);
  return listCollections(files).filter(
    ({ service, folder }) => service.id === id && files.has(`${folder}/rules.json`),
  );
}

function mustFind(files: EditedFiles, { serviceId, ruleId }: RuleParams): CollectionPlace {
  const found = listRules(files, serviceId).find((place) => ruleIdOf(place) === ruleId);
  if (found === undefined)
    throw new Fault("RuleNotFound", `rule not found: '${ruleId.slice(0, 64)}'`);
  return found;
}

/** The `_id` of a collection's rules. */
export function ruleIdOf({ service, database, collection }: CollectionPlace): string {
  return partIdOf("rule", service.name, database, collection);
}

function describe(files: EditedFiles, place: CollectionPlace): object {
  const { database, collection, folder } = place;
  const held = readJson(files, `${folder}/rules.json`) ?? {};
  return { _id: ruleIdOf(place), database, collection, ...listsOf(held) };
}

function listsOf(held: Readonly<Record<string, unknown>>): object {
  return { roles: held["roles"] ?? [], filters: held["filters"] ?? [] };
}

function toFile({ database, collection, ...lists }: Rule): object {
  return { database, collection, ...toLists(lists) };
}

function toLists({ roles = [], filters = [] }: Pick<Rule, "roles" | "filters">): object {
  return { roles: roles.map(withoutIds), filters: filters.map(withoutIds) };
}
