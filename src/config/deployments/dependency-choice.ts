/** Which dependencies a directory has when it is pushed: of the two ways to say so, the one used last counts. */
import type { AppFiles } from "../app-package.ts";
import type { App } from "../app.ts";
import type { Dependencies, DependencySource } from "../dependencies.ts";

export interface Chosen {
  /** The directory without archives of modules, which are kept apart. */
  readonly files: AppFiles;
  /** 64 hex digits; undefined: none. */
  readonly dependencies: string | undefined;
}

const archiveName = /^functions\/(node_modules\.(?:zip|tar|tgz|tar\.gz))$/;
const besideName =
  /^functions\/((?:package|package-lock)\.json|[\w-][\w.-]*\.(?:tgz|tar\.gz|tar))$/;

/** An archive of modules in a directory, and the directory without it. */
export function splitArchive(files: AppFiles): {
  readonly files: AppFiles;
  readonly archive: Extract<DependencySource, { kind: "archive" }> | undefined;
} {
  for (const [path, content] of files) {
    const name = archiveName.exec(path)?.[1];
    if (name === undefined) continue;
    const rest = new Map([...files].filter(([each]) => !archiveName.test(each)));
    const bytes = Buffer.from(content.buffer, content.byteOffset, content.length);
    return { files: rest, archive: { kind: "archive", name, bytes } };
  }
  return { files, archive: undefined };
}

/** What npm would be given; undefined where there is no `package.json`. */
export function packageSource(
  files: AppFiles,
): Extract<DependencySource, { kind: "package" }> | undefined {
  if (!files.has("functions/package.json")) return undefined;
  const beside = [...files].flatMap(([path, content]) => {
    const name = besideName.exec(path)?.[1];
    return name === undefined || archiveName.test(path) ? [] : [[name, content] as const];
  });
  return { kind: "package", files: new Map(beside) };
}

/**
 * Makes what a directory wants, unless it is live already.
 *
 * @param live the files that are live
 * @throws {Fault} `BadRequest`
 */
export async function chooseDependencies(
  app: App,
  files: AppFiles,
  live: AppFiles,
  made: Dependencies,
): Promise<Chosen> {
  const { files: rest, archive } = splitArchive(files);
  if (archive !== undefined) {
    const record = await made.build(app.id, archive);
    return { files: rest, dependencies: record?.id };
  }
  const known = app.dependencies;
  const former = known === undefined ? undefined : await made.find(app.id, known);
  const source = packageSource(rest);
  const formerSource = packageSource(live);
  const isSame =
    source === undefined
      ? former?.kind === "archive"
      : formerSource !== undefined && isAlike(source.files, formerSource.files);
  if (former !== undefined && isSame) return { files: rest, dependencies: former.id };
  const record = source === undefined ? undefined : await made.build(app.id, source);
  const kept = former?.kind === "archive" ? former.id : undefined;
  return { files: rest, dependencies: record?.id ?? kept };
}

function isAlike(left: AppFiles, right: AppFiles): boolean {
  if (left.size !== right.size) return false;
  return [...left].every(([name, content]) => {
    const other = right.get(name);
    return other !== undefined && Buffer.compare(content, other) === 0;
  });
}
