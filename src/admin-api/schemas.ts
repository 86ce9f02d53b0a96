import { type Static, Type } from "@sinclair/typebox";
import type { FastifyInstance } from "fastify";
import { Fault } from "../kit/fault.ts";
import type { AdminServices } from "./admin-services.ts";
import { editFiles, type EditedFiles, readAppFiles, readJson, writeJson } from "./app-files.ts";
import { describeModels } from "./data-models.ts";
import {
  type CollectionPlace,
  folderOf,
  listCollections,
  mustFindService,
} from "./data-source-files.ts";
import { partIdOf } from "../config/part-id.ts";
import { ruleIdOf } from "./rules.ts";

const object = Type.Record(Type.String(), Type.Unknown());
const name = Type.String({ minLength: 1, maxLength: 255 });
const fullSchema = Type.Object({
  _id: Type.Optional(Type.String()),
  metadata: Type.Object({ data_source: name, database: name, collection: name }),
  schema: Type.Optional(object),
  relationships: Type.Optional(object),
});
type FullSchema = Static<typeof fullSchema>;
const changedSchema = Type.Partial(fullSchema);

interface AppParams {
  readonly appId: string;
}
interface SchemaParams extends AppParams {
  readonly schemaId: string;
}

/** `/groups/{g}/apps/{a}/schemas`, and what types they make in a language. */
export function schemaRoutes(
  services: AdminServices,
): (instance: FastifyInstance) => Promise<void> {
  const base = "/apps/:appId/schemas";
  return async (instance) => {
    instance.get<{ Params: AppParams }>(base, async (request) =>
      listSchemas(await readAppFiles(request, services)).map(describePlace),
    );
    instance.post<{ Params: AppParams; Body: FullSchema }>(
      base,
      { schema: { body: fullSchema } },
      async (request) => {
        const { metadata } = request.body;
        const { data_source: source, database, collection } = metadata;
        let made = {};
        await editFiles(request, services, {
          appId: request.params.appId,
          message: `schema of ${database}.${collection} made`,
          change(files) {
            const service = mustFindService(files, source);
            const folder = folderOf(files, service, database, collection);
            if (files.has(`${folder}/schema.json`))
              throw new Fault("BadRequest", `a schema of '${database}.${collection}' exists`);
            const place = { service, database, collection, folder };
            write(files, place, request.body);
            made = describePlace(place);
          },
        });
        return made;
      },
    );
    instance.get<{ Params: SchemaParams }>(`${base}/:schemaId`, async (request) => {
      const files = await readAppFiles(request, services);
      const place = mustFind(files, request.params.schemaId);
      return {
        ...describePlace(place),
        schema: readJson(files, `${place.folder}/schema.json`) ?? {},
        relationships: readJson(files, `${place.folder}/relationships.json`) ?? {},
      };
    });
    instance.put<{ Params: SchemaParams; Body: Static<typeof changedSchema> }>(
      `${base}/:schemaId`,
      { schema: { body: changedSchema } },
      async (request, reply) => {
        await editFiles(request, services, {
          appId: request.params.appId,
          message: "schema changed",
          change(files) {
            write(files, mustFind(files, request.params.schemaId), request.body);
          },
        });
        return reply.code(204).send();
      },
    );
    instance.delete<{ Params: SchemaParams }>(`${base}/:schemaId`, async (request, reply) => {
      await editFiles(request, services, {
        appId: request.params.appId,
        message: "schema deleted",
        change(files) {
          const { folder } = mustFind(files, request.params.schemaId);
          for (const file of ["schema.json", "relationships.json"])
            files.delete(`${folder}/${file}`);
        },
      });
      return reply.code(204).send();
    });
    instance.get<{ Params: AppParams & { readonly language: string } }>(
      "/apps/:appId/sync/client_schemas/:language",
      async (request) => {
        const files = await readAppFiles(request, services);
        return listSchemas(files).flatMap((place) =>
          describeModels(request.params.language, {
            serviceId: place.service.id,
            ruleId: ruleIdOf(place),
            collection: place.collection,
            schema: readJson(files, `${place.folder}/schema.json`) ?? {},
          }),
        );
      },
    );
  };
}

function listSchemas(files: EditedFiles): readonly CollectionPlace[] {
  return listCollections(files).filter(({ folder }) => files.has(`${folder}/schema.json`));
}

function schemaIdOf({ service, database, collection }: CollectionPlace): string {
  return partIdOf("schema", service.name, database, collection);
}

function mustFind(files: EditedFiles, id: string): CollectionPlace {
  const found = listSchemas(files).find((place) => schemaIdOf(place) === id);
  if (found === undefined) throw new Fault("NotFound", `schema not found: '${id.slice(0, 64)}'`);
  return found;
}

function describePlace(place: CollectionPlace): object {
  const { service, database, collection } = place;
  return {
    _id: schemaIdOf(place),
    metadata: { data_source: service.name, database, collection },
  };
}

function write(
  files: EditedFiles,
  { folder }: CollectionPlace,
  { schema, relationships }: Static<typeof changedSchema>,
): void {
  if (schema !== undefined) writeJson(files, `${folder}/schema.json`, schema);
  if (relationships !== undefined) writeJson(files, `${folder}/relationships.json`, relationships);
  // The original's tool does not read a directory with a schema alone.
  const hasOther = ["rules.json", "relationships.json"].some((file) =>
    files.has(`${folder}/${file}`),
  );
  if (!hasOther) writeJson(files, `${folder}/relationships.json`, {});
}
