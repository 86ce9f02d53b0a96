/** Arguments and options of a collection's methods: checked, with the original's wording. */
import { Doc } from "../../bson/doc.ts";
import { Double, isArray, type Value } from "../../bson/value.ts";
import { Fault } from "../../kit/fault.ts";
import type {
  CallOptions,
  FindOneAndOptions,
  FindOptions,
  UpdateOptions,
} from "../../sources/source.ts";

export interface ServiceOptions {
  readonly call: CallOptions;
  readonly find: FindOptions;
  readonly update: UpdateOptions;
  readonly findOneAnd: FindOneAndOptions;
  readonly ordered: CallOptions & { readonly ordered?: boolean };
}

/** @param argument left out where the method has only one */
export function argumentError(method: string, argument: string | undefined, wanted: string): Fault {
  const subject = argument === undefined ? "argument" : `"${argument}" argument`;
  return new Fault("InvalidParameter", `mongodb ${method}: ${subject} must be ${wanted}`);
}

export function mustDoc(value: Value | undefined, method: string, argument?: string): Doc {
  if (value instanceof Doc) return value;
  throw argumentError(method, argument, "an object");
}

/** Undefined and null are an empty one. */
export function optionalDoc(value: Value | undefined, method: string, argument: string): Doc {
  return value === undefined || value === null ? Doc.empty : mustDoc(value, method, argument);
}

export function mustList(
  value: Value | undefined,
  method: string,
  argument: string,
): readonly Value[] {
  if (isArray(value)) return value;
  throw argumentError(method, argument, "an array");
}

export function mustUpdate(value: Value | undefined, method: string): Doc | readonly Value[] {
  if (value instanceof Doc || isArray(value)) return value;
  throw argumentError(method, "update", "an object");
}

/** Options of the call, and what was set on its cursor. What no method knows is ignored, as it was. */
export function readOptions(body: Doc, method: string, signal: AbortSignal): ServiceOptions {
  const options = optionalDoc(body.get("options"), method, "options");
  const settings = optionalDoc(body.get("settings"), method, "settings");
  if (options.size === 0 && settings.size === 0) return plainOptions({ signal });
  const doc = (name: string): Record<string, Doc> => docAt(options, settings, name, method);
  const hint = options.get("hint") ?? settings.get("hint");
  const call: CallOptions = {
    signal,
    ...doc("collation"),
    ...doc("let"),
    ...(hint === undefined || hint === null ? {} : { hint }),
  };
  const upsert = options.get("upsert");
  const arrayFilters = options.get("arrayFilters");
  const update: UpdateOptions = {
    ...call,
    ...(upsert === undefined ? {} : { upsert: upsert === true }),
    ...(arrayFilters === undefined
      ? {}
      : {
          arrayFilters: mustList(arrayFilters, method, "arrayFilters").map((each) =>
            mustDoc(each, method, "arrayFilters"),
          ),
        }),
  };
  const shape = { ...doc("sort"), ...doc("projection") };
  const ordered = options.get("ordered");
  return {
    call,
    update,
    find: {
      ...call,
      ...shape,
      ...countAt(options, settings, "limit", method),
      ...countAt(options, settings, "skip", method),
    },
    findOneAnd: {
      ...update,
      ...shape,
      returnDocument: wantsNew(options) ? "after" : "before",
    },
    ordered: { ...call, ...(ordered === undefined ? {} : { ordered: ordered !== false }) },
  };
}

/** Those of most calls. */
function plainOptions(call: CallOptions): ServiceOptions {
  return { call, find: call, update: call, findOneAnd: call, ordered: call };
}

/** As the original names it; the driver's two names besides. */
function wantsNew(options: Doc): boolean {
  return (
    options.get("returnNewDocument") === true ||
    options.get("returnDocument") === "after" ||
    options.get("returnOriginal") === false
  );
}

function docAt(options: Doc, settings: Doc, name: string, method: string): Record<string, Doc> {
  const value = settings.get(name) ?? options.get(name);
  return value === undefined || value === null ? {} : { [name]: mustDoc(value, method, name) };
}

function countAt(
  options: Doc,
  settings: Doc,
  name: string,
  method: string,
): Record<string, number> {
  const value = settings.get(name) ?? options.get(name);
  if (value === undefined || value === null) return {};
  const count =
    typeof value === "number" || typeof value === "bigint"
      ? Number(value)
      : value instanceof Double
        ? value.value
        : Number.NaN;
  if (!Number.isInteger(count) || (name === "skip" && count < 0))
    throw argumentError(method, name, "a number");
  // As the server: a negative limit is the same number in one batch.
  return { [name]: Math.abs(count) };
}
