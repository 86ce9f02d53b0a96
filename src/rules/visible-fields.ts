/** What a role shows of a document's fields. */
import { Doc } from "../bson/doc.ts";
import { isArray, type Value } from "../bson/value.ts";
import { chain, collect, type Eventual } from "./expression/eventual.ts";
import type { FieldCounts } from "../config/findings.ts";
import type { Documents } from "./expression/reference.ts";
import type { NamespaceAccess } from "./namespace-access.ts";
import type { CompiledField, CompiledRole, ReadWrite } from "./namespace-rules.ts";
import type { CompiledExpression } from "./expressions.ts";
import { firstOf } from "./update-paths.ts";

/** What is known of a field before any document is read. */
type Mask =
  | { readonly kind: "show" }
  | { readonly kind: "hide" }
  /** Its fields each have their own. */
  | { readonly kind: "inner"; readonly fields: FieldMasks }
  /** The document has to say. */
  | { readonly kind: "ask"; readonly field: CompiledField; readonly inner: FieldMasks | undefined };

export interface FieldMasks {
  readonly byName: ReadonlyMap<string, Mask>;
  readonly others: Mask;
}

const show: Mask = { kind: "show" };
const hide: Mask = { kind: "hide" };

/** @returns undefined where every field is shown, whatever the document */
export function masksOf(role: CompiledRole, access: NamespaceAccess): FieldMasks | undefined {
  const masks = createMasks(role.fields, role.additionalFields, access);
  const all = [masks.others, ...masks.byName.values()];
  return all.every(({ kind }) => kind === "show") ? undefined : masks;
}

function createMasks(
  fields: ReadonlyMap<string, CompiledField> | undefined,
  others: ReadWrite | undefined,
  access: NamespaceAccess,
): FieldMasks {
  return {
    byName: new Map([...(fields ?? [])].map(([name, field]) => [name, maskOf(field, access)])),
    others: others === undefined ? hide : maskOf(others, access),
  };
}

function maskOf(field: CompiledField, access: NamespaceAccess): Mask {
  const inner =
    field.fields === undefined ? undefined : createMasks(field.fields, undefined, access);
  const states = [field.read, field.write].map((each) => stateOf(each, access));
  if (states.some((each) => each === true)) return show;
  if (states.some((each) => each === undefined)) return { kind: "ask", field, inner };
  return inner === undefined ? hide : { kind: "inner", fields: inner };
}

/** Undefined: not known yet. */
function stateOf(
  expression: CompiledExpression | undefined,
  access: NamespaceAccess,
): boolean | undefined {
  if (expression === undefined) return false;
  const node = access.nodeNow(expression);
  return node?.kind === "constant" ? node.value : undefined;
}

/**
 * Whether a path is shown in every document that has it, with all that lies below it.
 *
 * Not so for a part of a field: of a list, elements that have nothing to show are left out, which a condition such as
 * `{ "list.part": null }` tells.
 */
export function showsPath(masks: FieldMasks, path: string): boolean {
  return (masks.byName.get(firstOf(path)) ?? masks.others).kind === "show";
}

/** What a document's fields are shown by. */
export interface Viewing {
  readonly documents: Documents;
  readonly access: NamespaceAccess;
  /** What is evaluated and withheld is added here; absent where nobody asks. */
  readonly counts?: FieldCounts | undefined;
}

/**
 * A document with the fields that are shown, the document itself where that is all of them.
 *
 * @returns undefined where nothing is left: what one may see nothing of is not there
 */
export function showFields(
  doc: Doc,
  masks: FieldMasks,
  viewing: Viewing,
): Eventual<Doc | undefined> {
  const { counts } = viewing;
  const keys = doc.keys();
  if (counts !== undefined) counts.evaluated += keys.length;
  const shown: Eventual<Value | undefined>[] = [];
  let isWhole = true;
  for (let index = 0; index < keys.length; index += 1) {
    const mask = masks.byName.get(keys[index] as string) ?? masks.others;
    if (mask.kind === "hide") {
      shown.push(undefined);
      isWhole = false;
      continue;
    }
    const value = doc.valueAt(index);
    const part = mask.kind === "show" ? value : showValue(value, mask, viewing);
    isWhole &&= part === value;
    shown.push(part);
  }
  if (isWhole) return keys.length === 0 ? undefined : doc;
  return chain(collect(shown), (values) => {
    const names: string[] = [];
    const kept: Value[] = [];
    for (const [index, value] of values.entries()) {
      if (value === undefined) continue;
      names.push(keys[index] as string);
      kept.push(value);
    }
    if (counts !== undefined) counts.discarded += keys.length - names.length;
    return names.length === 0 ? undefined : Doc.fromParts(names, kept);
  });
}

function showValue(value: Value, mask: Mask, viewing: Viewing): Eventual<Value | undefined> {
  switch (mask.kind) {
    case "show":
      return value;
    case "hide":
      return undefined;
    case "inner":
      return showInner(value, mask.fields, viewing);
    case "ask": {
      const { field, inner } = mask;
      const own: Documents = { ...viewing.documents, this: value, prev: value };
      return chain(mayRead(field, own, viewing.access), (may) => {
        if (may) return value;
        return inner === undefined ? undefined : showInner(value, inner, viewing);
      });
    }
  }
}

/** Of a list the elements that have something to show; what is no document has no fields. */
function showInner(value: Value, masks: FieldMasks, viewing: Viewing): Eventual<Value | undefined> {
  if (value instanceof Doc) return showFields(value, masks, viewing);
  if (!isArray(value)) return undefined;
  return chain(collect(value.map((each) => showInner(each, masks, viewing))), (elements) => {
    const isWhole = elements.every((each, index) => each === value[index]);
    // Of a list that is empty nothing is shown, as of an empty object.
    if (isWhole && value.length > 0) return value;
    const kept = elements.filter((each): each is Value => each !== undefined);
    return kept.length === 0 ? undefined : kept;
  });
}

/** Who may write may read. */
export function mayRead(
  { read, write }: ReadWrite,
  documents: Documents,
  access: NamespaceAccess,
): Eventual<boolean> {
  const byWriting = (): Eventual<boolean> =>
    write === undefined ? false : access.decide(write, documents);
  if (read === undefined) return byWriting();
  return chain(access.decide(read, documents), (may) => may || byWriting());
}
