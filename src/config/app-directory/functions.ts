/**
 * `functions/config.json` and `functions/**.js` or `.ts`; before 20210101 `functions/NAME/{config.json,source.js}`.
 *
 * Other files there (package.json, archives of modules) are kept for those who install them.
 */
import { Type } from "@sinclair/typebox";
import type { FunctionConfig } from "../app-config.ts";
import { sourceFile } from "../source-file.ts";
import { type Codec, expressionAt, fromValue, readPart } from "./codec.ts";
import { folderOf } from "./file-name.ts";
import { given } from "./given.ts";
import { fieldOf, itemsOf, textOf } from "./json-node.ts";
import type { Reading } from "./reading.ts";
import { at } from "./report.ts";
import { mustBe } from "./root.ts";
import { readRunAs, runAsFields, writeRunAs } from "./run-as.ts";
import { expression, functionName, ids, maybe, strict } from "./schema.ts";

const schema = Type.Object(
  {
    ...ids,
    name: functionName,
    private: maybe(Type.Boolean()),
    can_evaluate: maybe(expression()),
    disable_arg_logs: maybe(Type.Boolean()),
    ...runAsFields,
  },
  strict,
);

/** @param source the function's own text, which stands in a file of its own */
export function functionCodec(source: string): Codec<typeof schema, FunctionConfig> {
  return {
    schema,
    verbatim: new Set(["can_evaluate", "run_as_user_id_script_source"]),
    read: (wire, origin, report) => ({
      name: wire.name,
      source,
      private: wire.private ?? false,
      ...given("canEvaluate", expressionAt(origin, ["can_evaluate"], report)),
      disableArgLogs: wire.disable_arg_logs ?? false,
      runAs: readRunAs(wire, origin, report),
      origin,
    }),
    write: (made) => ({
      name: made.name,
      private: made.private,
      can_evaluate: fromValue(made.canEvaluate),
      disable_arg_logs: made.disableArgLogs,
      ...writeRunAs(made.runAs),
    }),
  };
}

export const functionsFile = "functions/config.json";

/**
 * A function in TypeScript has an entry; one without would make public what its author may only compile. Beside a
 * source in JavaScript, its TypeScript is what it was made from.
 */
function languageOf(name: string, reading: Reading): Pick<FunctionConfig, "language"> {
  const isTypeScript =
    !reading.has(sourceFile({ name })) && reading.has(sourceFile({ name, language: "typescript" }));
  return isTypeScript ? { language: "typescript" } : {};
}

export function readFunctions(
  reading: Reading,
  options: { readonly isLegacy: boolean },
): ReadonlyMap<string, FunctionConfig> {
  const functions = new Map<string, FunctionConfig>();
  const add = (made: FunctionConfig): void => {
    const former = functions.get(made.name);
    if (former === undefined) functions.set(made.name, made);
    else if (made.origin !== undefined)
      reading.report.wrong(
        at(made.origin, "name"),
        "a name that no other function has",
        `"${made.name}" for the second time`,
      );
  };
  if (options.isLegacy) readFolders(reading, add);
  else {
    readManifest(reading, add);
    addUnlisted(reading, functions);
  }
  return functions;
}

function readManifest(reading: Reading, add: (made: FunctionConfig) => void): void {
  const file = reading.json(functionsFile);
  if (file === undefined) return;
  reading.claim(file.path);
  if (file.root.kind === "null" || !mustBe(reading, file, "list")) return;
  for (const [index, node] of itemsOf(file.root).entries()) {
    const made = readPart(functionCodec(""), reading, file, node, [index]);
    if (made?.origin === undefined) continue;
    const language = languageOf(made.name, reading);
    const path = sourceFile({ name: made.name, ...language });
    if (!reading.has(path)) {
      const expected = `the name of a source file: there is no ${path}`;
      reading.report.wrong(at(made.origin, "name"), expected, `"${made.name}"`);
      continue;
    }
    reading.claim(path);
    add({ ...made, ...language, source: reading.text(path) ?? "" });
  }
}

/** The original gives a source without an entry the settings that an empty entry means. */
function addUnlisted(reading: Reading, functions: Map<string, FunctionConfig>): void {
  const stated = namesInManifest(reading);
  for (const path of reading.below("functions")) {
    if (!path.endsWith(".js") || path.includes("/node_modules/")) continue;
    const name = path.slice("functions/".length, -".js".length);
    if (functions.has(name)) continue;
    if (!new RegExp(functionName.pattern ?? "").test(name)) {
      const message =
        "can not be a function: its name has more than letters, digits, '_' and '-'; kept";
      reading.report.warn({ file: path, path: [] }, message);
      continue;
    }
    // A faulty entry has been reported; here it would only be made public.
    if (stated.has(name)) continue;
    reading.claim(path);
    reading.report.warn(
      { file: path, path: [] },
      `has no entry in ${functionsFile}, so clients may call it, as themselves`,
    );
    const source = reading.text(path) ?? "";
    functions.set(name, {
      name,
      source,
      private: false,
      disableArgLogs: false,
      runAs: { kind: "caller" },
    });
  }
}

function namesInManifest(reading: Reading): ReadonlySet<string | undefined> {
  const items = itemsOf(reading.json(functionsFile)?.root);
  return new Set(items.map((node) => textOf(fieldOf(node, "name"))));
}

function readFolders(reading: Reading, add: (made: FunctionConfig) => void): void {
  for (const path of reading.below("functions")) {
    if (!path.endsWith("/config.json") || path.includes("/node_modules/")) continue;
    const sourcePath = `${folderOf(path)}/source.js`;
    const file = reading.json(path);
    if (file === undefined) continue;
    reading.claim(path);
    const made = readPart(functionCodec(""), reading, file, file.root);
    if (made === undefined) continue;
    if (!reading.has(sourcePath)) {
      reading.report.wrong({ file: sourcePath, path: [] }, "the source of the function", "no file");
      continue;
    }
    reading.claim(sourcePath);
    add({ ...made, source: reading.text(sourcePath) ?? "" });
  }
}
