/**
 * An app's directory as a set of JSON files: for those resources of the admin API whose bodies are what the files hold.
 *
 * What is written is read again as a push would read it, so that nothing gets in which a directory could not hold.
 */
import type { FastifyRequest } from "fastify";
import type { AppConfig } from "../config/app-config.ts";
import { Fault } from "../kit/fault.ts";
import type { AdminServices } from "./admin-services.ts";
import { editApp, readApp } from "./edit-app.ts";

/** The first layout in which data sources have folders of their own; an app of an older one takes it on. */
const version = 20210101;

function layoutOf({ layout }: AppConfig): { readonly version?: typeof version } {
  return layout.version < version ? { version } : {};
}

/** Path below the directory → content. */
export type EditedFiles = Map<string, Uint8Array>;

/** Of the app that the path names, as its administrator sees it. */
export async function readAppFiles(
  request: FastifyRequest,
  services: AdminServices,
): Promise<EditedFiles> {
  const [config, { writeAppDirectory }] = await Promise.all([
    readApp(request, services),
    import("../config/app-directory.ts"),
  ]);
  return writeAppDirectory(config, layoutOf(config));
}

/**
 * Changes files of an app: in the draft that is open, else as a deployment of its own.
 *
 * @throws {Fault} `BadRequest` with all problems that the changed directory would have
 */
export async function editFiles(
  request: FastifyRequest,
  services: AdminServices,
  edit: {
    /** 24 hex digits. */
    readonly appId: string;
    readonly message: string;
    readonly change: (files: EditedFiles) => void;
  },
): Promise<void> {
  const { appId, message, change } = edit;
  const [{ readAppDirectory, writeAppDirectory }, { formatProblem }] = await Promise.all([
    import("../config/app-directory.ts"),
    import("../config/app-problem.ts"),
  ]);
  await editApp(request, services, {
    appId,
    message,
    change(app: AppConfig) {
      const files = writeAppDirectory(app, layoutOf(app));
      change(files);
      const { app: changed, problems } = readAppDirectory(files);
      if (problems.length > 0)
        throw new Fault("BadRequest", problems.map(formatProblem).join("\n"));
      return changed;
    },
  });
}

/** @returns undefined where the file is not there, or holds no object */
export function readJson(
  files: ReadonlyMap<string, Uint8Array>,
  path: string,
): Readonly<Record<string, unknown>> | undefined {
  const bytes = files.get(path);
  if (bytes === undefined) return undefined;
  const value: unknown = JSON.parse(Buffer.from(bytes).toString("utf8"));
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}

export function writeJson(files: EditedFiles, path: string, value: object): void {
  files.set(path, Buffer.from(`${JSON.stringify(value, null, 4)}\n`));
}

/** What a body may hold beside what its file holds: ids that only answers have. */
export function withoutIds(body: object): Readonly<Record<string, unknown>> {
  const own = Object.entries(body).filter(([name]) => name !== "_id" && name !== "id");
  return Object.fromEntries(own);
}
