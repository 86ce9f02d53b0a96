/** `/groups/{g}/apps/{a}/auth_providers`: how users log in; each change is a deployment, or goes into the draft. */
import { type Static, Type } from "@sinclair/typebox";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { providerIdOf } from "../auth/user-record.ts";
import { readAppDirectory, writeAppDirectory } from "../config/app-directory.ts";
import type { AppConfig } from "../config/app-config.ts";
import { formatProblem } from "../config/app-problem.ts";
import { Fault } from "../kit/fault.ts";
import type { AdminServices } from "./admin-services.ts";
import { editApp, readApp } from "./edit-app.ts";

/** As in `auth/providers.json`; what its fields may hold, the reader of directories says. */
const provider = Type.Record(Type.String(), Type.Unknown());
type Provider = Static<typeof provider>;

interface AppParams {
  readonly appId: string;
}
interface ProviderParams extends AppParams {
  readonly providerId: string;
}

export function authProviderRoutes(
  services: AdminServices,
): (instance: FastifyInstance) => Promise<void> {
  const { apps } = services;
  const base = "/apps/:appId/auth_providers";

  async function list(
    request: FastifyRequest<{ Params: AppParams }>,
  ): Promise<readonly (Provider & { readonly _id: string })[]> {
    const { id } = apps.must(request.params.appId);
    const config = await readApp(request, services);
    return [...readProviders(config).values()].map((each) => describe(id, each));
  }

  async function mustFind(
    request: FastifyRequest<{ Params: AppParams }>,
    providerId: string,
  ): Promise<Provider & { readonly _id: string }> {
    const found = (await list(request)).find(({ _id }) => _id === providerId);
    if (found === undefined)
      throw new Fault("AuthProviderNotFound", `auth provider not found: '${providerId}'`);
    return found;
  }

  /** Puts one in place of another of its type; undefined takes it away. */
  async function change(
    request: FastifyRequest<{ Params: AppParams }>,
    type: string,
    make: (former: Provider | undefined) => Provider | undefined,
  ): Promise<void> {
    await editApp(request, services, {
      appId: request.params.appId,
      message: `auth provider ${type}`,
      change(config) {
        const providers = new Map(readProviders(config));
        const made = make(providers.get(type));
        if (made === undefined) providers.delete(type);
        else providers.set(type, made);
        return withProviders(config, providers);
      },
    });
  }

  return async (instance) => {
    instance.get<{ Params: AppParams }>(base, async (request) =>
      (await list(request)).map(({ _id, name, type, disabled }) => ({
        _id,
        name,
        type,
        disabled: disabled === true,
      })),
    );
    instance.post<{ Params: AppParams; Body: Provider }>(
      base,
      { schema: { body: provider } },
      async (request, reply) => {
        const type = typeOf(request.body);
        await change(request, type, (former) => {
          if (former !== undefined)
            throw new Fault("AuthProviderAlreadyExists", `auth provider exists: '${type}'`);
          return { name: type, disabled: false, ...toFile(request.body) };
        });
        const { id } = apps.must(request.params.appId);
        return reply.code(201).send(await mustFind(request, providerIdOf(id, type)));
      },
    );
    instance.get<{ Params: ProviderParams }>(`${base}/:providerId`, async (request) =>
      mustFind(request, request.params.providerId),
    );
    instance.patch<{ Params: ProviderParams; Body: Provider }>(
      `${base}/:providerId`,
      { schema: { body: provider } },
      async (request, reply) => {
        const type = typeOf(await mustFind(request, request.params.providerId));
        await change(request, type, (former) => ({ ...former, ...toFile(request.body), type }));
        return reply.code(204).send();
      },
    );
    instance.delete<{ Params: ProviderParams }>(`${base}/:providerId`, async (request, reply) => {
      await change(
        request,
        typeOf(await mustFind(request, request.params.providerId)),
        () => undefined,
      );
      return reply.code(204).send();
    });
    for (const [word, disabled] of [
      ["enable", false],
      ["disable", true],
    ] as const)
      instance.put<{ Params: ProviderParams }>(
        `${base}/:providerId/${word}`,
        async (request, reply) => {
          const type = typeOf(await mustFind(request, request.params.providerId));
          await change(request, type, (former) => ({ ...former, disabled }));
          return reply.code(204).send();
        },
      );
  };
}

function describe(appId: string, each: Provider): Provider & { readonly _id: string } {
  return { _id: providerIdOf(appId, typeOf(each)), ...each };
}

function typeOf({ type, name }: Provider): string {
  const found = type ?? name;
  if (typeof found === "string") return found;
  throw new Fault("BadRequest", "an auth provider needs a type");
}

function toFile({ _id, ...others }: Provider): Provider {
  return others;
}

const modernFile = "auth/providers.json";
const legacyFolder = "auth_providers/";
/** From this version of the directory on, there is one file for all. */
const modernVersion = 20_210_101;

/** As they stand in the files, by their types. */
function readProviders(config: AppConfig): ReadonlyMap<string, Provider> {
  const files = writeAppDirectory(config);
  const parse = (bytes: Uint8Array | undefined): Provider =>
    bytes === undefined
      ? {}
      : ((JSON.parse(Buffer.from(bytes).toString("utf8")) as Provider | null) ?? {});
  const found =
    config.layout.version >= modernVersion
      ? (Object.values(parse(files.get(modernFile))) as readonly Provider[])
      : [...files]
          .filter(([path]) => path.startsWith(legacyFolder) && path.endsWith(".json"))
          .map(([, bytes]) => parse(bytes));
  return new Map(found.map((each) => [typeOf(each), each]));
}

/** @throws {Fault} `BadRequest` with all that is wrong with them */
function withProviders(config: AppConfig, providers: ReadonlyMap<string, Provider>): AppConfig {
  const files = new Map(writeAppDirectory(config));
  if (config.layout.version >= modernVersion)
    files.set(modernFile, print(Object.fromEntries(providers)));
  else {
    for (const path of files.keys()) if (path.startsWith(legacyFolder)) files.delete(path);
    for (const [type, each] of providers) files.set(`${legacyFolder}${type}.json`, print(each));
  }
  const { app, problems } = readAppDirectory(files);
  if (problems.length > 0) throw new Fault("BadRequest", problems.map(formatProblem).join("\n"));
  return app;
}

function print(value: unknown): Uint8Array {
  return Buffer.from(`${JSON.stringify(value, null, 4)}\n`);
}
