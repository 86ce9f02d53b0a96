/** Loads the packages of an app: CommonJS and JSON, found as Node finds them, compiled once per host. */
import { readFileSync, realpathSync } from "node:fs";
import path from "node:path";
import { compileFunction } from "node:vm";
import { builtinOf, isBuiltinName } from "./builtins.ts";

type NodeRequire = ((specifier: string) => unknown) & {
  resolve(specifier: string, options?: { readonly paths?: string[] }): string;
};

interface Module {
  readonly id: string;
  readonly filename: string;
  exports: unknown;
  loaded: boolean;
  readonly children: readonly never[];
  readonly paths: readonly never[];
}

/** @param directory holds `node_modules` @returns what loads a package for a function */
export function createLoader(
  directory: string,
  nodeRequire: NodeRequire,
): (specifier: string) => unknown {
  const root = realpathSync(directory);
  const modules = new Map<string, Module>();

  function resolve(specifier: string, from: string): string {
    let file: string;
    try {
      file = realpathSync(nodeRequire.resolve(specifier, { paths: [from] }));
    } catch (cause) {
      throw Object.assign(new Error(`Cannot find module '${specifier}'`, { cause }), {
        code: "MODULE_NOT_FOUND",
      });
    }
    if (file.startsWith(root + path.sep)) return file;
    throw Object.assign(new Error(`Cannot find module '${specifier}'`), {
      code: "MODULE_NOT_FOUND",
    });
  }

  function requireFrom(from: string): (specifier: unknown) => unknown {
    const require = (specifier: unknown): unknown => {
      if (typeof specifier !== "string")
        throw new TypeError("require: the argument must be a string");
      if (isBuiltinName(specifier))
        return builtinOf(specifier, nodeRequire, { isForPackage: true });
      return load(resolve(specifier, from)).exports;
    };
    return Object.assign(require, {
      cache: {},
      extensions: {},
      main: undefined,
      resolve: (specifier: string) =>
        isBuiltinName(specifier) ? specifier : resolve(specifier, from),
    });
  }

  function load(file: string): Module {
    const known = modules.get(file);
    if (known !== undefined) return known;
    const made: Module = {
      id: file,
      filename: file,
      exports: {},
      loaded: false,
      children: [],
      paths: [],
    };
    modules.set(file, made);
    try {
      evaluate(made);
    } catch (cause) {
      modules.delete(file);
      throw cause;
    }
    made.loaded = true;
    return made;
  }

  function evaluate(made: Module): void {
    const { filename } = made;
    const text = readFileSync(filename, "utf8");
    if (filename.endsWith(".json")) {
      made.exports = JSON.parse(text.replace(/^\uFEFF/, ""));
      return;
    }
    if (filename.endsWith(".node"))
      throw new Error(`'${filename}' is a native addon, which functions can not load`);
    if (isEsModule(filename, text))
      throw new Error(`'${filename}' is an ES module; functions load CommonJS packages only`);
    const names = [
      "exports",
      "require",
      "module",
      "__filename",
      "__dirname",
      "global",
      "globalThis",
    ];
    const source = text.replace(/^\uFEFF/, "").replace(/^#!.*/, "");
    const run = compileFunction(source, names, { filename }) as (...given: unknown[]) => void;
    const folder = path.dirname(filename);
    const given = [made.exports, requireFrom(folder), made, filename, folder, globals, globals];
    run.apply(made.exports, given);
  }

  /** Packages may put things on the global object; they find them there, functions do not. */
  const globals = Object.create(globalThis) as object;
  return (specifier) => load(resolve(specifier, root)).exports;
}

/** Only a look: what is taken for CommonJS wrongly fails to compile with a message of its own. */
function isEsModule(filename: string, text: string): boolean {
  if (filename.endsWith(".mjs")) return true;
  return (
    /^(?:import\s[^(]|import\s*["'{*]|export\s)/m.test(text.slice(0, 20_000)) &&
    !/\bmodule\.exports\b/.test(text)
  );
}
