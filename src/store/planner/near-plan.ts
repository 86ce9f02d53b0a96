/** Which index answers a `$near`: none but an index of shapes can. */
import { formatDouble, printBson } from "../../bson/print.ts";
import { Doc } from "../../bson/doc.ts";
import type { FilterNode } from "../../query/filter-node.ts";
import { PlanFailure } from "../../query/plan-failure.ts";
import type { StoredCollection, StoredIndex } from "../catalog.ts";
import type { SortField } from "./index-plan.ts";
import { prefixesOf } from "./index-plan.ts";
import type { Predicate } from "./predicates.ts";

export type NearNode = Extract<FilterNode, { kind: "near" }>;

export interface NearPlan {
  readonly kind: "near";
  readonly index: StoredIndex;
  readonly node: NearNode;
  /** What keys begin with, before the shape's part. */
  readonly prefixes: readonly Buffer[];
  /** Whether the shape's part comes right behind the prefixes: else nearness does not tell where keys are. */
  readonly isSearchable: boolean;
  /** Whether documents come in the wanted order: that of their distance, where no other is asked for. */
  readonly isSorted: boolean;
}

/** @param indexes those that may be used */
export function planNear(
  indexes: readonly StoredIndex[],
  node: NearNode,
  predicates: readonly Predicate[],
  sort: readonly SortField[],
): NearPlan | undefined {
  const index = indexes
    .filter((each) => canAnswer(each, node) && isLed(each, node, predicates))
    .toSorted((left, right) => weightOf(left, node) - weightOf(right, node))[0];
  if (index === undefined) return undefined;
  const field = index.definition.fields.findIndex(({ path, geo }) => path === node.path && geo);
  const prefixes = prefixesOf(index, field, predicates);
  return {
    kind: "near",
    index,
    node,
    prefixes: prefixes ?? [Buffer.alloc(0)],
    isSearchable: prefixes !== undefined,
    isSorted: sort.length === 0,
  };
}

function canAnswer({ definition }: StoredIndex, { path, near }: NearNode): boolean {
  const kind = definition.fields.find((each) => each.path === path)?.geo;
  if (kind === undefined) return false;
  return kind === "2dsphere" ? near.isSpherical : !near.isWrapping;
}

/** As every index, it is of use only where its first field is asked for. */
function isLed(
  { definition }: StoredIndex,
  { path }: NearNode,
  predicates: readonly Predicate[],
): boolean {
  const [first] = definition.fields;
  if (first === undefined || first.path === path) return true;
  return predicates.some((each) => each.path === first.path);
}

/** A `2dsphere` index goes around the earth, which a grid does not; fewer fields are less to read. */
function weightOf({ definition }: StoredIndex, { near }: NearNode): number {
  const isOther = near.isSpherical !== (definition.geo?.kind === "2dsphere");
  return (isOther ? 100 : 0) + definition.fields.length;
}

/** @throws {PlanFailure} 291 `NoQueryExecutionPlans`, always */
export function refuseNear(collection: StoredCollection, asked: Asked): never {
  throw planFailure(291, collection, asked, "unable to find index for $geoNear query");
}

/** What is planned. */
interface Asked {
  readonly node: FilterNode;
  readonly sort: readonly SortField[];
  readonly limit: number | undefined;
}

/** The planner's complaint in the server's words, which show all of the query (here without its projection). */
export function planFailure(
  code: number,
  { database, name }: StoredCollection,
  { node, sort, limit }: Asked,
  reason: string,
): PlanFailure {
  const order = Doc.fromEntries(sort.map(({ path, direction }) => [path, direction]));
  const count = limit === undefined ? "" : ` limit=${limit}`;
  return new PlanFailure(
    code,
    `error processing query: ns=${database}.${name}${count}Tree: ${describe(node, 0)}` +
      `Sort: ${printBson(order)}\nProj: {}\n planner returned error :: caused by :: ${reason}`,
  );
}

const indent = "    ";

/** The server's own notation of filters, as far as it goes. */
function describe(node: FilterNode, depth: number): string {
  const margin = indent.repeat(depth);
  switch (node.kind) {
    case "near": {
      const { most, isNearSphere } = node.near;
      const parts = `field=${node.path} maxdist=${shortDouble(most)} isNearSphere=${Number(isNearSphere)}`;
      return `${margin}GEONEAR  ${parts}\n`;
    }
    case "and":
    case "or":
    case "nor": {
      const clauses = [...node.clauses].toSorted((a, b) => nearLast(a) - nearLast(b));
      return `${margin}$${node.kind}\n${clauses.map((each) => describe(each, depth + 1)).join("")}`;
    }
    case "not":
      return `${margin}$not\n${describe(node.clause, depth + 1)}`;
    case "compare":
      return `${margin}${node.path} $${node.comparison} ${printBson(node.operand)}\n`;
    case "in":
      return `${margin}${node.path} $in [ ${node.operands.map(printBson).join(" ")} ]\n`;
    case "exists":
      return `${margin}${node.path} exists\n`;
    case "always":
      return `${margin}$and\n`;
    case "geo":
      return `${margin}GEO raw = { ${node.path}: ${printBson(node.conditions)} }\n`;
    case "text": {
      const {
        search,
        language = "english",
        isCaseSensitive,
        isMarkSensitive,
      } = node.search.operand;
      return `${margin}TEXT : query=${search}, language=${language}, caseSensitive=${Number(isCaseSensitive)}, diacriticSensitive=${Number(isMarkSensitive)}, tag=NULL\n`;
    }
    default:
      return `${margin}${"path" in node ? node.path : ""} $${node.kind}\n`;
  }
}

function nearLast({ kind }: FilterNode): number {
  return kind === "near" ? 1 : 0;
}

/** With six digits, as the server prints it here. */
function shortDouble(value: number): string {
  if (!Number.isFinite(value)) return formatDouble(value);
  const [mantissa, power] = value.toExponential(5).split("e") as [string, string];
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 6) {
    const digits = Math.abs(exponent).toString().padStart(2, "0");
    return `${Number(mantissa)}e${exponent < 0 ? "-" : "+"}${digits}`;
  }
  return String(Number(value.toPrecision(6)));
}
