import { type Static, Type } from "@sinclair/typebox";
import type { FastifyInstance, FastifyRequest } from "fastify";
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
import { partIdOf } from "../config/part-id.ts";

const body = Type.Object(
  { name: Type.String({ pattern: "^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$" }) },
  // What else it may hold, the directory's own reader says.
  { additionalProperties: true },
);
type Body = Static<typeof body> & Readonly<Record<string, unknown>>;
const changes = Type.Record(Type.String(), Type.Unknown());

interface AppParams {
  readonly appId: string;
}
interface ForwarderParams extends AppParams {
  readonly forwarderId: string;
}
interface Forwarder {
  readonly path: string;
  readonly held: Readonly<Record<string, unknown>>;
}

/** `/groups/{g}/apps/{a}/log_forwarders`: where entries of the log go besides. */
export function logForwarderRoutes(
  services: AdminServices,
): (instance: FastifyInstance) => Promise<void> {
  const base = "/apps/:appId/log_forwarders";
  const edit = async (
    request: FastifyRequest<{ Params: ForwarderParams }>,
    change: (files: EditedFiles, found: Forwarder) => void,
  ): Promise<void> =>
    editFiles(request, services, {
      appId: request.params.appId,
      message: "log forwarder changed",
      change(files) {
        change(files, mustFind(files, request.params.forwarderId));
      },
    });
  return async (instance) => {
    instance.get<{ Params: AppParams }>(base, async (request) =>
      list(await readAppFiles(request, services)).map(describe),
    );
    instance.post<{ Params: AppParams; Body: Body }>(
      base,
      { schema: { body } },
      async (request, reply) => {
        const held = withoutIds(request.body);
        const { name } = request.body;
        await editFiles(request, services, {
          appId: request.params.appId,
          message: `log forwarder ${name} made`,
          change(files) {
            if (list(files).some((each) => each.held["name"] === name))
              throw new Fault("BadRequest", `log forwarder exists: '${name}'`);
            writeJson(files, `log_forwarders/${name}.json`, held);
          },
        });
        return reply.code(201).send(describe({ path: "", held }));
      },
    );
    instance.get<{ Params: ForwarderParams }>(`${base}/:forwarderId`, async (request) =>
      describe(mustFind(await readAppFiles(request, services), request.params.forwarderId)),
    );
    instance.patch<{ Params: ForwarderParams; Body: Readonly<Record<string, unknown>> }>(
      `${base}/:forwarderId`,
      { schema: { body: changes } },
      async (request) => {
        let made = {};
        await edit(request, (files, { path, held }) => {
          const next = { ...held, ...withoutIds(request.body) };
          writeJson(files, path, next);
          made = describe({ path, held: next });
        });
        return made;
      },
    );
    instance.delete<{ Params: ForwarderParams }>(`${base}/:forwarderId`, async (request, reply) => {
      await edit(request, (files, { path }) => files.delete(path));
      return reply.code(204).send();
    });
    for (const [word, disabled] of [
      ["enable", false],
      ["disable", true],
    ] as const)
      instance.put<{ Params: ForwarderParams }>(
        `${base}/:forwarderId/${word}`,
        async (request, reply) => {
          await edit(request, (files, { path, held }) => {
            writeJson(files, path, { ...held, disabled });
          });
          return reply.code(204).send();
        },
      );
  };
}

function list(files: EditedFiles): readonly Forwarder[] {
  return [...files.keys()]
    .filter((path) => /^log_forwarders\/[^/]+\.json$/.test(path))
    .map((path) => ({ path, held: readJson(files, path) ?? {} }));
}

function mustFind(files: EditedFiles, id: string): Forwarder {
  const found = list(files).find((each) => idOf(each) === id);
  if (found === undefined)
    throw new Fault("NotFound", `log forwarder not found: '${id.slice(0, 64)}'`);
  return found;
}

function idOf({ held }: Forwarder): string {
  const { name } = held;
  return partIdOf("log_forwarder", typeof name === "string" ? name : "");
}

function describe(forwarder: Forwarder): object {
  return { _id: idOf(forwarder), disabled: false, ...forwarder.held };
}
