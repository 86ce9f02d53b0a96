/** Names of parts that are there, though they may be faulty: who refers to them has made no fault. */
import { foldersIn } from "./data-sources.ts";
import { fieldOf, itemsOf, textOf } from "./json-node.ts";
import type { Reading } from "./reading.ts";

export interface StatedNames {
  readonly functions: ReadonlySet<string>;
  readonly dataSources: ReadonlySet<string>;
}

export function findStatedNames(
  reading: Reading,
  options: { readonly isLegacy: boolean },
): StatedNames {
  const functions = new Set<string>();
  for (const item of itemsOf(reading.json("functions/config.json")?.root)) add(functions, item);
  for (const path of reading.below("functions")) {
    if (path.endsWith(".js")) functions.add(path.slice("functions/".length, -".js".length));
    if (path.endsWith("/config.json")) add(functions, reading.json(path)?.root);
  }
  const dataSources = new Set<string>();
  for (const folder of foldersIn(reading, options.isLegacy ? "services" : "data_sources"))
    add(dataSources, reading.json(`${folder}/config.json`)?.root);
  return { functions, dataSources };
}

function add(names: Set<string>, node: Parameters<typeof fieldOf>[0]): void {
  const name = textOf(fieldOf(node, "name"));
  if (name !== undefined) names.add(name);
}
