/** What goes to and fro between the store and the thread that works on big documents: plain data, documents as bytes. */
import { Doc } from "../bson/doc.ts";
import { type DateTime, isArray, type Value } from "../bson/value.ts";
import { MongoError } from "../kit/mongo-error.ts";
import { readCollation } from "../query/collation.ts";
import type { CodeRunner } from "../query/code.ts";
import type { QueryEnvironment } from "../query/environment.ts";
import { PlanFailure } from "../query/plan-failure.ts";

/** The text of a request, or of a part of it, as one document's bytes. */
export type HeavyTask =
  /** `filter` → which documents match. */
  | {
      readonly kind: "match";
      readonly spec: Uint8Array;
      readonly documents: readonly Uint8Array[];
    }
  /** `filter`, and `update` with `arrayFilters`, or `replacement` → the new document. */
  | { readonly kind: "change"; readonly spec: Uint8Array; readonly document: Uint8Array }
  /** `filter`, `projection` → the projected document. */
  | { readonly kind: "project"; readonly spec: Uint8Array; readonly document: Uint8Array }
  /** `sort` → a document whose `key` it is. */
  | { readonly kind: "sortKey"; readonly spec: Uint8Array; readonly document: Uint8Array }
  /** `pipeline`, `database`, `collection` → batches. One at a time. */
  | { readonly kind: "pipeline"; readonly spec: Uint8Array };

/** What the thread is asked, and told about its own questions. */
export type ToThread =
  | { readonly kind: "task"; readonly id: number; readonly task: HeavyTask }
  | { readonly kind: "more" }
  | {
      readonly kind: "reply";
      readonly id: number;
      readonly documents?: readonly Uint8Array[] | undefined;
      readonly failure?: WireFailure | undefined;
    };

/** What a pipeline in the thread asks of its source. */
export type Question =
  | { readonly ask: "read"; readonly namespace: WireNamespace; readonly request: Uint8Array }
  | { readonly ask: "next"; readonly read: number }
  | { readonly ask: "stop"; readonly read: number }
  | { readonly ask: "stats"; readonly namespace: WireNamespace; readonly options: Uint8Array }
  | { readonly ask: "indexStats"; readonly namespace: WireNamespace };

export interface WireNamespace {
  readonly database: string;
  readonly collection: string;
}

export type FromThread =
  | { readonly kind: "question"; readonly id: number; readonly question: Question }
  | { readonly kind: "batch"; readonly documents: readonly Uint8Array[] }
  | {
      readonly kind: "done";
      readonly id: number;
      readonly matches?: readonly (boolean | WireFailure)[];
      /** Absent: the document stays as it is. */
      readonly document?: Uint8Array | undefined;
    }
  | { readonly kind: "failed"; readonly id: number; readonly failure: WireFailure };

export function toWire(cause: unknown): WireFailure {
  const message = cause instanceof Error ? cause.message : String(cause);
  if (!(cause instanceof MongoError)) return { message };
  const { code } = cause;
  return cause instanceof PlanFailure ? { code, message, isOfPlan: true } : { code, message };
}

export function fromWire({ code, message, isOfPlan }: WireFailure): Error {
  if (code === undefined) return new Error(message);
  return isOfPlan === true ? new PlanFailure(code, message) : new MongoError(code, message);
}

export interface WireFailure {
  /** Absent: it is no failure of the query, but a fault of the program. */
  readonly code?: number;
  /** Set for a `PlanFailure`. */
  readonly isOfPlan?: boolean;
  readonly message: string;
}

/** The part of a spec that says in what it is to be compiled. */
export function writeEnvironment(
  environment: QueryEnvironment,
): readonly (readonly [string, Value])[] {
  const { now, variables, collation } = environment;
  const names = [...variables.keys()];
  const known = [...variables].filter((each): each is [string, Value] => each[1] !== undefined);
  return [
    ["now", now],
    ["names", names],
    ["variables", Doc.fromEntries(known)],
    ...(collation === undefined ? [] : [["collation", collation.spec] as const]),
  ];
}

/** @param code who runs code there, if anybody does */
export function readEnvironment(spec: Doc, code?: CodeRunner): QueryEnvironment {
  const collation = spec.get("collation");
  const values = spec.get("variables") as Doc;
  const names = spec.get("names");
  return {
    now: spec.get("now") as DateTime,
    random: Math.random,
    variables: new Map(
      (isArray(names) ? names : []).map((name) => [name as string, values.get(name as string)]),
    ),
    metadata: new Set(),
    ...(code !== undefined && { code }),
    ...(collation instanceof Doc && { collation: readCollation(collation) }),
  };
}
