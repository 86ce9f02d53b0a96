/** The files of a `node_modules` folder, from wherever they come, within bounds. */
import { Fault } from "../../kit/fault.ts";

/** Paths that begin with `node_modules/` → content. */
export type Tree = ReadonlyMap<string, Uint8Array>;

export const treeBytesMax: number = 128 * 2 ** 20;
export const treeFilesMax = 20_000;
const pathBytesMax = 512;

export interface TreeBuilder {
  /** @param path as an archive or a folder has it @throws {Fault} `BadRequest` for what must not be there */
  add(path: string, content: Uint8Array): void;
  /** Whether an entry is left out without a word: links to programs, what a Mac adds. */
  skips(path: string): boolean;
  /** What may still be added, in bytes. */
  readonly bytesLeft: number;
  /** @throws {Fault} `BadRequest` when nothing is in it */
  take(): Tree;
}

export function buildTree(): TreeBuilder {
  const files = new Map<string, Uint8Array>();
  let bytesLeft = treeBytesMax;
  return {
    add(path, content) {
      const clean = cleanPath(path);
      bytesLeft -= content.length;
      if (bytesLeft < 0) throw refused(`more than ${treeBytesMax} bytes of dependencies`);
      files.set(clean, content);
      if (files.size > treeFilesMax)
        throw refused(`more than ${treeFilesMax} files of dependencies`);
    },
    skips: (path) =>
      /(?:^|\/)(?:\.bin|\.cache)(?:\/|$)/.test(path) ||
      /^(?:\.\/)?(?:__MACOSX\/|PaxHeader\/)|(?:^|\/)(?:\._[^/]*|\.DS_Store)$/.test(path) ||
      /^(?:\.\/)?node_modules\/\.package-lock\.json$/.test(path),
    get bytesLeft() {
      return bytesLeft;
    },
    take() {
      if (files.size === 0) throw refused("there is no package in it");
      return files;
    },
  };
}

/** A path that stays below `node_modules`, or none. */
function cleanPath(path: string): string {
  const clean = path.startsWith("./") ? path.slice(2) : path;
  const parts = clean.split("/");
  const isSound =
    parts[0] === "node_modules" &&
    parts.length > 1 &&
    Buffer.byteLength(clean) <= pathBytesMax &&
    // oxlint-disable-next-line no-control-regex
    !/[\x00-\x1f\\:]/.test(clean) &&
    parts.every((part) => part !== "" && part !== "." && part !== "..");
  if (isSound) return clean;
  throw refused(
    `what is in it must lie in node_modules/, unlike ${JSON.stringify(path.slice(0, 120))}`,
  );
}

export function refused(message: string): Fault {
  return new Fault("BadRequest", `dependencies: ${message}`);
}

export interface Package {
  readonly name: string;
  readonly version: string;
}

/** The packages that a function can name, as they say of themselves; by name. */
export function listPackages(tree: Tree): readonly Package[] {
  const found: Package[] = [];
  for (const [path, content] of tree) {
    const match = /^node_modules\/((?:@[^/]+\/)?[^@/][^/]*)\/package\.json$/.exec(path);
    if (match?.[1] === undefined) continue;
    found.push({ name: match[1], version: versionIn(content) });
  }
  return found.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function versionIn(content: Uint8Array): string {
  try {
    const { version } = JSON.parse(Buffer.from(content).toString("utf8")) as { version?: unknown };
    return typeof version === "string" ? version.slice(0, 64) : "";
  } catch {
    return ""; // Whoever requires it hears of it.
  }
}
