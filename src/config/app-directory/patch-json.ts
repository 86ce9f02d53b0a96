/** Brings a change of the model into the tree that the model was read from. */
import { fieldOf, type JsonNode, listNode, objectNode, sameJson, textOf } from "./json-node.ts";

/** Of a list in which items are found again. */
const itemsMax = 2000;

const exactly = { fieldOrder: "counts" } as const;

/**
 * Gives the tree with the change from `before` to `after` made in it.
 *
 * What both say alike stays as it stands: fields that the model does not know, templates, defaults that were left out,
 * the order of fields. The tree itself comes back where nothing was changed.
 */
export function patchJson(tree: JsonNode, before: JsonNode, after: JsonNode): JsonNode {
  if (sameJson(before, after, exactly)) return tree;
  if (tree.kind === "object" && before.kind === "object" && after.kind === "object")
    return patchFields(tree, before, after);
  if (tree.kind === "list" && before.kind === "list" && after.kind === "list")
    return listNode(patchItems(tree.items, before.items, after.items));
  return after;
}

type ObjectNode = JsonNode & { readonly kind: "object" };

function patchFields(tree: ObjectNode, before: ObjectNode, after: ObjectNode): JsonNode {
  const fields = new Map<string, JsonNode>();
  for (const [name, value] of tree.fields) {
    const former = before.fields.get(name);
    const wanted = after.fields.get(name);
    if (former === undefined) fields.set(name, wanted ?? value);
    else if (wanted !== undefined) fields.set(name, patchJson(value, former, wanted));
  }
  for (const [name, wanted] of after.fields) {
    if (fields.has(name)) continue;
    const former = before.fields.get(name);
    // A default that was left out, and is still the same, stays left out.
    if (former === undefined || !sameJson(former, wanted, exactly)) fields.set(name, wanted);
  }
  return objectNode(isReordered(before, after) ? inOrderOf(after, fields) : fields);
}

/** Whether fields of both stand in another order; it counts in expressions and queries. */
function isReordered(before: ObjectNode, after: ObjectNode): boolean {
  const common = [...before.fields.keys()].filter((name) => after.fields.has(name));
  const wanted = [...after.fields.keys()].filter((name) => before.fields.has(name));
  return common.some((name, place) => wanted[place] !== name);
}

function inOrderOf(
  wanted: ObjectNode,
  fields: ReadonlyMap<string, JsonNode>,
): ReadonlyMap<string, JsonNode> {
  const known = [...wanted.fields.keys()].filter((name) => fields.has(name));
  const others = [...fields.keys()].filter((name) => !wanted.fields.has(name));
  return new Map([...known, ...others].map((name) => [name, fields.get(name) as JsonNode]));
}

/** An item is found again by what it says, or else by its name, or where the list has kept its length by its place. */
function patchItems(
  tree: readonly JsonNode[],
  before: readonly JsonNode[],
  after: readonly JsonNode[],
): readonly JsonNode[] {
  // Unlike lengths: what was read is not what stands there item by item. Long lists would take long to match.
  if (tree.length !== before.length || after.length > itemsMax || before.length > itemsMax)
    return after;
  const free = new Set(before.keys());
  const take = (isIt: (former: JsonNode, index: number) => boolean): number | undefined => {
    for (const index of free) {
      if (!isIt(before[index] as JsonNode, index)) continue;
      free.delete(index);
      return index;
    }
    return undefined;
  };
  const found = after.map((wanted, place) => {
    const former = before[place];
    if (former === undefined || !sameJson(former, wanted, exactly)) return undefined;
    free.delete(place);
    return place;
  });
  return after.map((wanted, place) => {
    const name = textOf(fieldOf(wanted, "name"));
    const index =
      found[place] ??
      take((former) => sameJson(former, wanted, exactly)) ??
      take((former) => name !== undefined && textOf(fieldOf(former, "name")) === name) ??
      take((_, each) => each === place && before.length === after.length);
    return index === undefined
      ? wanted
      : patchJson(tree[index] as JsonNode, before[index] as JsonNode, wanted);
  });
}
