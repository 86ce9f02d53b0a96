/**
 * `require` of functions and of their packages: Node's modules that can do no harm, and the app's dependencies.
 *
 * Packages are loaded by a loader of our own, since Node's hands out every module of its own to them.
 */
import { createRequire } from "node:module";
import { builtinOf, isBuiltinName } from "./builtins.ts";
import { createLoader } from "./loader.ts";

/** @param dependencies the directory that holds `node_modules`; undefined: there are none */
export function createModules(dependencies: string | undefined): (specifier: unknown) => unknown {
  const nodeRequire = createRequire(import.meta.url);
  const load = dependencies === undefined ? undefined : createLoader(dependencies, nodeRequire);
  return (specifier) => {
    if (typeof specifier !== "string")
      throw new TypeError("require: the argument must be a string");
    if (isBuiltinName(specifier)) return builtinOf(specifier, nodeRequire, { isForPackage: false });
    if (load === undefined) throw notFound(specifier);
    return load(specifier);
  };
}

export function notFound(specifier: string): Error {
  return Object.assign(new Error(`Cannot find module '${specifier}'`), {
    code: "MODULE_NOT_FOUND",
  });
}
