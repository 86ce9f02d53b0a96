/** A call as the server tells of it: four documents in a row, of which the last three are read when somebody looks. */
import type { Binary } from "./bson-classes.ts";
import { readHeaderLists } from "../../kit/header-lists.ts";
import { decodeDocument, decodeInto, endOfDocument } from "./decode.ts";
import { lazyObject } from "./lazy-object.ts";

export interface CallHead {
  /** Of a function that was handed over by its name. */
  readonly name: string;
  readonly isSystem: boolean;
  readonly isEndpoint: boolean;
  readonly arguments: readonly unknown[];
  /** Of a source that is no part of the app. */
  readonly source?: string;
  readonly evaluate?: string;
}

export interface CallWire {
  readonly head: CallHead;
  readonly user: object;
  /** Undefined where no request is behind the call. */
  readonly request: object | undefined;
  /** Of an endpoint's function. */
  readonly endpoint: EndpointWire | undefined;
}

export interface EndpointWire {
  readonly query: object;
  readonly headers: object;
  readonly body: Binary | undefined;
}

/** How long a document without fields is. */
const emptyBytes = 5;

export function readCall(bytes: Buffer): CallWire {
  const head = decodeDocument(bytes) as unknown as CallHead;
  const userAt = endOfDocument(bytes, 0);
  const requestAt = endOfDocument(bytes, userAt);
  const endpointAt = endOfDocument(bytes, requestAt);
  const hasRequest = endpointAt - requestAt > emptyBytes;
  return {
    head,
    user: lazyObject((target) => {
      decodeInto(target, bytes, userAt);
    }),
    request: hasRequest
      ? lazyObject((target) => {
          decodeInto(target, bytes, requestAt);
          target["requestHeaders"] = listsOf(target["requestHeaders"]);
        })
      : undefined,
    endpoint: head.isEndpoint ? readEndpoint(bytes, requestAt, endpointAt) : undefined,
  };
}

function readEndpoint(bytes: Buffer, requestAt: number, endpointAt: number): EndpointWire {
  const { query, body } = decodeDocument(bytes, endpointAt) as {
    readonly query: object;
    readonly body?: Binary;
  };
  const headers = lazyObject(
    (target) => {
      Object.assign(target, listsOf(decodeDocument(bytes, requestAt)["requestHeaders"]));
    },
    // Any case may be asked for: the documentation uses canonical names, the code of many people lower-case ones.
    { prototype: null, find: findHeader },
  );
  return { query, headers, body };
}

function findHeader(target: Readonly<Record<PropertyKey, unknown>>, key: PropertyKey): unknown {
  if (typeof key !== "string") return undefined;
  const wanted = key.toLowerCase();
  const name = Object.keys(target).find((each) => each.toLowerCase() === wanted);
  return name === undefined ? undefined : target[name];
}

/** @param lines names and values in turn */
function listsOf(lines: unknown): object {
  const lists = readHeaderLists(typeof lines === "string" ? lines.split("\n") : []);
  // Not as assignments: a client may send a header of any name.
  return Object.fromEntries(lists);
}
