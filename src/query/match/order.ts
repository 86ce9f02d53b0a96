/**
 * The order in which the server tests the clauses of a conjunction: by kind, then by path.
 *
 * It shows: the positional `$` takes the position of the last clause that went through an array, and a `$expr` that
 * would fail is not reached by documents that another clause turns away.
 */
import { compareText } from "../../bson/compare.ts";
import type { Value } from "../../bson/value.ts";
import type { FilterNode } from "../filter-node.ts";

/** The clauses, those of conjunctions within taken in, in the server's order. */
export function inServerOrder(clauses: readonly FilterNode[]): readonly FilterNode[] {
  return flatten(clauses).toSorted(
    (left, right) => kindOrder(left) - kindOrder(right) || compareText(pathOf(left), pathOf(right)),
  );
}

/**
 * The clauses of a disjunction; equalities on one path become one `$in`, as on the server.
 *
 * It shows in positions too: the first element that equals one of the operands counts, not the first operand.
 */
export function withJoinedEqualities(given: readonly FilterNode[]): readonly FilterNode[] {
  const clauses = given.map(singleAsEquality);
  const byPath = new Map<string, Equality[]>();
  for (const each of clauses)
    if (isEquality(each)) {
      const same = byPath.get(each.path);
      if (same === undefined) byPath.set(each.path, [each]);
      else same.push(each);
    }
  const joined: FilterNode[] = [];
  for (const each of clauses) {
    const equalities = isEquality(each) ? (byPath.get(each.path) ?? []) : [];
    if (equalities.length < 2) joined.push(each);
    else if (equalities[0] === each)
      joined.push({
        kind: "in",
        path: equalities[0].path,
        operands: equalities.map(({ operand }) => operand),
        regexes: [],
      });
  }
  return joined;
}

/** `$in` of one value is an equality. */
function singleAsEquality(node: FilterNode): FilterNode {
  if (node.kind !== "in" || node.regexes.length > 0 || node.operands.length !== 1) return node;
  return { kind: "compare", path: node.path, comparison: "eq", operand: node.operands[0] as Value };
}

type Equality = Extract<FilterNode, { kind: "compare" }>;

function isEquality(node: FilterNode): node is Equality {
  return node.kind === "compare" && node.comparison === "eq";
}

function flatten(clauses: readonly FilterNode[]): FilterNode[] {
  return clauses.flatMap((each) => (each.kind === "and" ? flatten(each.clauses) : [each]));
}

function pathOf(node: FilterNode): string {
  return "path" in node ? node.path : "";
}

function kindOrder(node: FilterNode): number {
  if (node.kind === "compare") return comparisonOrder[node.comparison];
  if (node.kind === "exists" && !node.exists) return 17;
  return order[node.kind];
}

const comparisonOrder: Readonly<Record<"eq" | "lte" | "lt" | "gt" | "gte", number>> = {
  eq: 5,
  lte: 6,
  lt: 7,
  gt: 8,
  gte: 9,
};

const order: Readonly<Record<Exclude<FilterNode["kind"], "compare">, number>> = {
  and: 0,
  or: 1,
  elemMatchObject: 2,
  elemMatchValue: 3,
  size: 4,
  regex: 10,
  mod: 11,
  exists: 12,
  in: 13,
  bits: 14,
  not: 15,
  nor: 16,
  type: 18,
  geo: 19,
  document: 20,
  always: 21,
  never: 22,
  text: 0,
  near: 23,
};

/** Unlike in `$and` and `$or`, what always or never holds decides nothing, and is tested last. */
export function constantsLast(clauses: readonly FilterNode[]): readonly FilterNode[] {
  if (!clauses.some(isConstant)) return clauses;
  return [...clauses.filter((each) => !isConstant(each)), ...clauses.filter(isConstant)];
}

/** A clause that decides makes the others superfluous, even if they would fail. */
export function decides(clauses: readonly FilterNode[], kind: "always" | "never"): boolean {
  return clauses.some((each) => each.kind === kind);
}

function isConstant({ kind }: FilterNode): boolean {
  return kind === "always" || kind === "never";
}
