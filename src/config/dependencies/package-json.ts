/** `functions/package.json`: which packages are wanted, and from where they may come. */
import { refused, type Package } from "./tree.ts";

const specFields = [
  "dependencies",
  "devDependencies",
  "optionalDependencies",
  "peerDependencies",
] as const;

const packagesMax = 500;
const namePattern = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/i;

/** The packages that functions can name, with the versions that are asked for; none where it asks for none. */
export function listWanted(packageJson: Uint8Array): readonly Package[] {
  const { dependencies } = parse(packageJson, "package.json");
  return Object.entries(toFields(dependencies))
    .map(([name, spec]) => ({ name, version: String(spec) }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * What npm is given: without scripts and workspaces, and only with packages from a registry, from `https:`, or from an
 * archive beside it. Anything else would reach into the server's own files or run other programs.
 *
 * @throws {Fault} `BadRequest`
 */
export function cleanPackageJson(
  packageJson: Uint8Array,
  { hasLock }: { readonly hasLock: boolean },
): string {
  const {
    scripts: _scripts,
    workspaces: _workspaces,
    ...rest
  } = parse(packageJson, "package.json");
  for (const field of specFields) {
    const specs = Object.entries(toFields(rest[field]));
    if (specs.length > packagesMax) throw refused(`at most ${packagesMax} in package.json`);
    for (const [name, spec] of specs) {
      if (!namePattern.test(name)) throw refused(`${JSON.stringify(name)} is no package's name`);
      mustBeReachable(spec, `${name} in package.json`);
    }
  }
  checkOverrides(rest["overrides"], 0);
  if (hasLock) return JSON.stringify(rest);
  // What nobody installs need not be looked for; with a lock the two have to say the same.
  const { devDependencies: _devDependencies, ...needed } = rest;
  return JSON.stringify(needed);
}

/** @throws {Fault} `BadRequest` for a lock that leads elsewhere than `package.json` may */
export function checkLock(lock: Uint8Array): void {
  const { packages, dependencies } = parse(lock, "package-lock.json");
  for (const each of [packages, dependencies])
    for (const [name, entry] of Object.entries(toFields(each))) {
      const { resolved, link, version } = toFields(entry);
      if (link === true) throw refused(`${name} in package-lock.json is a link`);
      if (resolved !== undefined) mustBeReachable(resolved, `${name} in package-lock.json`);
      if (version !== undefined) mustBeReachable(version, `${name} in package-lock.json`);
    }
}

function checkOverrides(overrides: unknown, depth: number): void {
  for (const [name, spec] of Object.entries(toFields(overrides)))
    if (typeof spec === "object" && depth < 20) checkOverrides(spec, depth + 1);
    else mustBeReachable(spec, `${name} in overrides`);
}

const rangePattern = /^[\w\s.*^~<>=|+$-]*$/;
const aliasPattern = /^npm:(?:@[\w.~-]+\/)?[\w.~-]+(?:@[\w\s.*^~<>=|+-]*)?$/;
const archivePattern = /^file:(?:\.\/)?[\w-][\w.-]*\.(?:tgz|tar\.gz|tar)$/;
const urlPattern = /^https:\/\/[^\s@]+$/;

function mustBeReachable(spec: unknown, where: string): void {
  const isSound =
    typeof spec === "string" &&
    spec.length <= 2048 &&
    [rangePattern, aliasPattern, archivePattern, urlPattern].some((each) => each.test(spec));
  if (isSound) return;
  throw refused(
    `${where} must be a version, an https: URL or the file of an archive beside package.json`,
  );
}

function parse(bytes: Uint8Array, name: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString("utf8"));
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return value as Readonly<Record<string, unknown>>;
  } catch {
    // Said below.
  }
  throw refused(`${name} is no JSON object`);
}

function toFields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}
