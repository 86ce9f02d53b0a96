/** From which addresses an app may be called. */
import { BlockList, isIP } from "node:net";
import { Doc } from "../bson/doc.ts";
import { isArray, ObjectId, type Value } from "../bson/value.ts";

export interface AccessEntry {
  /** 24 hex digits. */
  readonly id: string;
  /** An address or a range, as it was given. */
  readonly address: string;
  readonly comment: string;
}

const everywhere: ReadonlySet<string> = new Set(["0.0.0.0", "0.0.0.0/0", "::/0"]);

/** What stands for an address or a range. The original's tool means everybody by `0.0.0.0`. */
export function isAddressRange(text: string): boolean {
  const [address = "", prefix, ...rest] = text.split("/");
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bitsOf(family));
}

function bitsOf(family: number): number {
  return family === 6 ? 128 : 32;
}

interface Compiled {
  readonly isOpen: boolean;
  readonly ranges: BlockList;
}

/** Once per list: each change of an app makes a new one. */
const compiled = new WeakMap<readonly AccessEntry[], Compiled>();

/**
 * Whether an address is on the list. Cheap: asked for with every request.
 *
 * Atlas: a new app lets everybody in by the one entry that it has; whoever deletes it lets nobody in.
 */
export function mayCallFrom(list: readonly AccessEntry[] | undefined, address: string): boolean {
  if (list === undefined) return true;
  let known = compiled.get(list);
  if (known === undefined) compiled.set(list, (known = compile(list)));
  if (known.isOpen) return true;
  const family = isIP(address);
  return family !== 0 && known.ranges.check(address, family === 6 ? "ipv6" : "ipv4");
}

function compile(list: readonly AccessEntry[]): Compiled {
  const ranges = new BlockList();
  for (const { address: text } of list) {
    const [address = "", prefix] = text.split("/");
    const family = isIP(address);
    if (family === 0) continue;
    ranges.addSubnet(
      address,
      prefix === undefined ? bitsOf(family) : Number(prefix),
      family === 6 ? "ipv6" : "ipv4",
    );
  }
  return { isOpen: list.some(({ address }) => everywhere.has(address)), ranges };
}

export function toAccessDocs(list: readonly AccessEntry[]): readonly Doc[] {
  return list.map(({ id, address, comment }) =>
    Doc.of({ _id: ObjectId.fromHex(id), address, comment }),
  );
}

/** @returns undefined where there is no list */
export function readAccessDocs(value: Value | undefined): readonly AccessEntry[] | undefined {
  if (!isArray(value)) return undefined;
  return value.filter((each) => each instanceof Doc).map(readEntry);
}

function readEntry(doc: Doc): AccessEntry {
  const id = doc.get("_id");
  const text = (name: string): string => {
    const held = doc.get(name);
    return typeof held === "string" ? held : "";
  };
  return {
    id: id instanceof ObjectId ? id.toHex() : "",
    address: text("address"),
    comment: text("comment"),
  };
}
