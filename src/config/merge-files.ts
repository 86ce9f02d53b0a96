/**
 * Brings together what two sides made of the same app directory: a draft and what was deployed meanwhile, a deployment
 * and what was saved on disk meanwhile.
 */
import {
  fieldOf,
  type JsonNode,
  listNode,
  objectNode,
  sameJson,
  textOf,
} from "./app-directory/json-node.ts";
import { parseJson } from "./app-directory/parse-json.ts";
import { patchJson } from "./app-directory/patch-json.ts";
import { printFile } from "./app-directory/print-json.ts";
import { isAlike } from "./app-diff.ts";
import type { AppFiles } from "./app-package.ts";

export interface MergedFiles {
  readonly files: Map<string, Uint8Array>;
  /** Files that both sides changed, each in its own way; they stand in `files` as `theirs` has them. In order. */
  readonly conflicts: readonly string[];
}

/**
 * Makes the changes from `base` to `mine` in `theirs`.
 *
 * JSON files are brought together field by field, and lists of named things (functions, endpoints, roles) item by
 * item; what is changed keeps the layout that it has in `theirs`.
 *
 * @param take whose content a file gets that both sides changed; it is no conflict then
 */
export function mergeFiles(
  base: AppFiles,
  mine: AppFiles,
  theirs: AppFiles,
  take?: "mine" | "theirs",
): MergedFiles {
  const files = new Map<string, Uint8Array>();
  const conflicts: string[] = [];
  const paths = new Set([...base.keys(), ...mine.keys(), ...theirs.keys()]);
  for (const path of [...paths].toSorted()) {
    const found = mergeFile(path, base.get(path), mine.get(path), theirs.get(path));
    if (found === "conflict" && take === undefined) conflicts.push(path);
    const bytes = found === "conflict" ? (take === "mine" ? mine : theirs).get(path) : found;
    if (bytes !== undefined) files.set(path, bytes);
  }
  return { files, conflicts };
}

type Content = Uint8Array | undefined;

/** @returns undefined where the file is to be gone */
function mergeFile(
  path: string,
  base: Content,
  mine: Content,
  theirs: Content,
): Content | "conflict" {
  if (isSame(path, base, mine) || isSame(path, mine, theirs)) return theirs;
  if (isSame(path, base, theirs)) return inTheirLayout(path, base, mine, theirs);
  const [former, wanted, found] = [base, mine, theirs].map((each) => rootOf(path, each));
  if (former === undefined || wanted === undefined || found === undefined) return "conflict";
  const merged = mergeJson(former, wanted, found);
  return merged === undefined ? "conflict" : printOver(theirs, merged);
}

function isSame(path: string, left: Content, right: Content): boolean {
  if (left === undefined || right === undefined) return left === right;
  return isAlike(path, left, right, {});
}

/** They say the same as the base, but may be laid out otherwise. */
function inTheirLayout(path: string, base: Content, mine: Content, theirs: Content): Content {
  if (base === undefined || theirs === undefined || Buffer.compare(base, theirs) === 0) return mine;
  const [former, wanted, found] = [base, mine, theirs].map((each) => rootOf(path, each));
  if (former === undefined || wanted === undefined || found === undefined) return mine;
  return printOver(theirs, patchJson(found, former, wanted));
}

function rootOf(path: string, content: Content): JsonNode | undefined {
  if (content === undefined || !path.endsWith(".json")) return undefined;
  return parseJson(Buffer.from(content).toString("utf8")).root;
}

function printOver(former: Content, root: JsonNode): Uint8Array {
  return Buffer.from(printFile(root, former && Buffer.from(former).toString("utf8")));
}

const exactly = { fieldOrder: "counts" } as const;
/** A list longer than this is merged as a whole. */
const itemsMax = 2000;

/** @returns undefined where both changed the same thing */
function mergeJson(base: JsonNode, mine: JsonNode, theirs: JsonNode): JsonNode | undefined {
  if (sameJson(base, mine, exactly) || sameJson(mine, theirs, exactly)) return theirs;
  if (sameJson(base, theirs, exactly)) return patchJson(theirs, base, mine);
  if (base.kind === "object" && mine.kind === "object" && theirs.kind === "object") {
    const fields = mergeEntries(base.fields, mine.fields, theirs.fields);
    return fields === undefined ? undefined : objectNode(fields);
  }
  return mergeLists(base, mine, theirs);
}

function mergeLists(base: JsonNode, mine: JsonNode, theirs: JsonNode): JsonNode | undefined {
  const [former, wanted, found] = [base, mine, theirs].map(byKey);
  if (former === undefined || wanted === undefined || found === undefined) return undefined;
  // The first role that applies is the one that counts: an order that was changed is not to be lost.
  if (isReordered(former, wanted)) return undefined;
  const items = mergeEntries(former, wanted, found);
  return items === undefined ? undefined : listNode([...items.values()]);
}

/** In their order; what is only mine stands at the end. */
function mergeEntries(
  base: ReadonlyMap<string, JsonNode>,
  mine: ReadonlyMap<string, JsonNode>,
  theirs: ReadonlyMap<string, JsonNode>,
): Map<string, JsonNode> | undefined {
  const merged = new Map<string, JsonNode>();
  for (const key of new Set([...theirs.keys(), ...mine.keys(), ...base.keys()])) {
    const found = mergeEntry(base.get(key), mine.get(key), theirs.get(key));
    if (found === "conflict") return undefined;
    if (found !== undefined) merged.set(key, found);
  }
  return merged;
}

/** @returns undefined where it is to be gone */
function mergeEntry(
  base: JsonNode | undefined,
  mine: JsonNode | undefined,
  theirs: JsonNode | undefined,
): JsonNode | undefined | "conflict" {
  if (base !== undefined && mine !== undefined && theirs !== undefined)
    return mergeJson(base, mine, theirs) ?? "conflict";
  if (isSameEntry(base, mine) || isSameEntry(mine, theirs)) return theirs;
  return isSameEntry(base, theirs) ? mine : "conflict";
}

function isSameEntry(left: JsonNode | undefined, right: JsonNode | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  return sameJson(left, right, exactly);
}

/** Items by what tells them apart; undefined where two look the same, one has nothing of the kind, or it is no list. */
function byKey(list: JsonNode): ReadonlyMap<string, JsonNode> | undefined {
  if (list.kind !== "list" || list.items.length > itemsMax) return undefined;
  const found = new Map<string, JsonNode>();
  for (const item of list.items) {
    const key = keyOf(item);
    if (key === undefined || found.has(key)) return undefined;
    found.set(key, item);
  }
  return found;
}

function isReordered(
  base: ReadonlyMap<string, JsonNode>,
  mine: ReadonlyMap<string, JsonNode>,
): boolean {
  const wanted = [...mine.keys()].filter((key) => base.has(key));
  return [...base.keys()].filter((key) => mine.has(key)).some((key, at) => wanted[at] !== key);
}

function keyOf(item: JsonNode): string | undefined {
  if (item.kind === "text") return item.value;
  const route = textOf(fieldOf(item, "route"));
  if (route !== undefined) return `${textOf(fieldOf(item, "http_method")) ?? ""} ${route}`;
  return textOf(fieldOf(item, "name"));
}
