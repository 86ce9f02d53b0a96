/** `/groups/{g}/apps/{a}/dependencies`: the npm packages of functions, by name or as an archive. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { DependencyRecord, DependencySource, Package } from "../config/dependencies.ts";
import { Fault } from "../kit/fault.ts";
import { writeZip } from "../kit/zip.ts";
import { mustBeAdministrator } from "./administrator.ts";
import type { AdminServices } from "./admin-services.ts";
import { readSentFile, type SentFile } from "./multipart.ts";

interface AppParams {
  readonly appId: string;
}
type Sent = FastifyRequest<{ Params: AppParams }>;

/** An archive and what is around it. */
const bodyBytesMax = 16 * 2 ** 20;

export function dependencyRoutes(
  services: AdminServices,
): (instance: FastifyInstance) => Promise<void> {
  const { apps } = services;
  const base = "/apps/:appId/dependencies";

  async function live(appId: string): Promise<DependencyRecord | undefined> {
    const { id, dependencies } = apps.must(appId);
    if (dependencies === undefined) return undefined;
    return (await services.dependencies()).find(id, dependencies);
  }

  /** Packages by name lie in the directory; an archive is kept beside it. */
  async function push(request: Sent, { name, bytes }: SentFile): Promise<void> {
    await change(request, { message: name }, (files) => {
      files.set(`functions/${name}`, bytes);
      // It was made for what is replaced.
      if (name === packageJson) files.delete("functions/package-lock.json");
    });
  }

  async function change(
    request: Sent,
    options: { readonly message: string; readonly dropsArchive?: boolean },
    edit: (files: Map<string, Uint8Array>) => void,
  ): Promise<void> {
    const { id } = apps.must(request.params.appId);
    const deployments = await services.deployments();
    const files = new Map(await deployments.files(id));
    edit(files);
    const author = mustBeAdministrator(request, services).name;
    await deployments.push(id, files, { author, missingSecret: "warns", ...options });
  }

  return async (instance) => {
    instance.addContentTypeParser(
      "multipart/form-data",
      { parseAs: "buffer" },
      (_request, bytes, done) => {
        done(null, bytes);
      },
    );
    instance.get<{ Params: AppParams }>(base, async ({ params }) => {
      const record = await live(params.appId);
      const app = apps.must(params.appId);
      return {
        _id: app.id,
        location: app.location ?? "US-VA",
        last_modified: Math.floor((record?.createdAt ?? app.createdAt) / 1000),
        dependencies_list: record?.packages ?? [],
      };
    });
    // A push of dependencies is answered when they are there: nobody ever sees them being installed.
    instance.get<{ Params: AppParams }>(`${base}/status`, async ({ params }) => {
      apps.must(params.appId);
      return { status: "successful", status_message: "" };
    });
    instance.post<{ Params: AppParams }>(
      `${base}/diff`,
      { bodyLimit: bodyBytesMax },
      async (request) => {
        const record = await live(request.params.appId);
        const wanted = await (await services.dependencies()).describe(toSource(sentFile(request)));
        return compare(record?.packages ?? [], wanted);
      },
    );
    instance.put<{ Params: AppParams }>(
      base,
      { bodyLimit: bodyBytesMax },
      async (request, reply) => {
        await push(request, sentFile(request));
        return reply.code(204).send();
      },
    );
    // Ours: the original had no way back to none.
    instance.delete<{ Params: AppParams }>(base, async (request, reply) => {
      await change(request, { message: "no packages", dropsArchive: true }, (files) => {
        for (const name of [packageJson, "package-lock.json"]) files.delete(`functions/${name}`);
      });
      return reply.code(204).send();
    });
    // Ours: what is wanted by name, where nothing came as an archive.
    instance.get<{ Params: AppParams }>(`${base}/package.json`, async ({ params }, reply) => {
      const { id } = apps.must(params.appId);
      const content = (await (await services.deployments()).files(id)).get(
        `functions/${packageJson}`,
      );
      const isArchive = (await live(params.appId))?.kind === "archive";
      if (content === undefined || isArchive)
        throw new Fault("NotFound", "no packages are wanted by name");
      return reply.header("Content-Type", "application/json").send(Buffer.from(content));
    });
    instance.get<{ Params: AppParams }>(`${base}/export`, async ({ params }, reply) => {
      const { id } = apps.must(params.appId);
      const record = await live(params.appId);
      const files = await (await services.deployments()).files(id);
      const content = files.get(`functions/${packageJson}`);
      if (record?.kind === "archive" || content === undefined) return sendArchive(params, reply);
      return reply
        .header("Content-Type", "application/json")
        .header("Content-Disposition", `attachment; filename="${packageJson}"`)
        .send(Buffer.from(content));
    });
    instance.get<{ Params: AppParams }>(`${base}/archive`, async ({ params }, reply) =>
      sendArchive(params, reply),
    );
  };

  async function sendArchive({ appId }: AppParams, reply: FastifyReply): Promise<FastifyReply> {
    const { id } = apps.must(appId);
    const record = await live(appId);
    if (record === undefined) throw new Fault("NotFound", "the app has no dependencies");
    const tree = await (await services.dependencies()).tree(id, record.id);
    return reply
      .header("Content-Type", "application/zip")
      .header("Content-Disposition", 'attachment; filename="node_modules.zip"')
      .send(writeZip(tree));
  }
}

const packageJson = "package.json";

function sentFile(request: FastifyRequest): SentFile {
  const { body, headers } = request;
  if (!(body instanceof Buffer))
    throw new Fault("BadRequest", "the body must hold one file as multipart/form-data");
  const file = readSentFile(headers["content-type"] ?? "", body);
  if (file.name === packageJson || /^node_modules\.(?:zip|tar|tgz|tar\.gz)$/.test(file.name))
    return file;
  throw new Fault(
    "BadRequest",
    "dependencies come as package.json, or as node_modules.zip, .tar, .tgz or .tar.gz",
  );
}

function toSource({ name, bytes }: SentFile): DependencySource {
  return name === packageJson
    ? { kind: "package", files: new Map([[packageJson, bytes]]) }
    : { kind: "archive", name, bytes };
}

function compare(before: readonly Package[], after: readonly Package[]): object {
  const former = new Map(before.map(({ name, version }) => [name, version]));
  const next = new Map(after.map(({ name, version }) => [name, version]));
  return {
    added: after.filter(({ name }) => !former.has(name)),
    deleted: before.filter(({ name }) => !next.has(name)),
    modified: after.flatMap(({ name, version }) => {
      const previous = former.get(name);
      if (previous === undefined || previous === version) return [];
      return [{ name, version, previous_version: previous }];
    }),
  };
}
