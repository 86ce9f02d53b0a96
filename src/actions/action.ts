/** What an action is: data that `run-action.ts` works with. */
import type { Doc } from "../bson/doc.ts";
import type { Value } from "../bson/value.ts";
import type { Limits } from "../kit/limits.ts";
import type { Verb } from "../rules/access.ts";
import type { Batches, CallOptions, Collection, UpdateResult } from "../sources/source.ts";

/** What an action answers: the facts, from which the reply is written without building objects. */
export type ActionResult = {
  /** Whether the write was made by an earlier request, whose result this is. */
  readonly isReplay?: boolean;
} & (
  | { readonly kind: "document"; readonly document: Doc | null }
  /** Read while the reply is written; leaving the loop closes it. */
  | {
      readonly kind: "documents";
      readonly batches: Batches;
      /** One document more is a fault. */
      readonly documentsMax: number;
    }
  | { readonly kind: "insertedId"; readonly id: Value }
  | { readonly kind: "insertedIds"; readonly ids: readonly Value[] }
  | ({ readonly kind: "updated" } & UpdateResult)
  | { readonly kind: "deleted"; readonly deletedCount: number }
);

/** The request as an action sees it. Also what it hands on where it has no options of its own. */
export interface ActionContext extends CallOptions {
  readonly signal: AbortSignal;
  readonly limits: Limits;
  /** Only the fields that the original knew. */
  readonly isStrict: boolean;
}

export interface Action {
  /** As in the URL. Case matters. */
  readonly name: string;
  /** How the messages of its failures begin. */
  readonly failure: string;
  readonly verb: Verb;
  readonly status: 200 | 201;
  /**
   * @param body the request's fields; those that no action knows are ignored
   * @throws {Fault} `MissingParameter` or `InvalidParameter` for its fields
   * @throws {MongoError} what the data source says
   */
  run(body: Doc, collection: Collection, context: ActionContext): Promise<ActionResult>;
}
