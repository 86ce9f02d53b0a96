/** A read that looks at documents where they lie, without making them. */
import type { Doc } from "../bson/doc.ts";
import type { Pacer } from "../kit/pacer.ts";
import type { StoredCollection } from "./catalog.ts";
import type { Environment } from "./environment.ts";
import { type Late, settleLate, testOrKeep } from "./heavy-query.ts";
import { type CompiledQuery, planFor } from "./query.ts";
import { startScan } from "./scan.ts";
import { keepDoc } from "./tables.ts";

export interface Visitor {
  /** The bytes belong to the store and change with the next document. */
  visit(bytes: Buffer): void;
  /** In place of `visit` for documents of at least so many bytes. */
  readonly bigBytesMin: number;
  visitBig(doc: Doc): Promise<void>;
}

/** Visits the documents of a query without a sort, in the order of its plan. */
export async function visitDocs(
  environment: Environment,
  collection: StoredCollection,
  query: CompiledQuery,
  { visitor, pacer }: { readonly visitor: Visitor; readonly pacer: Pacer },
): Promise<void> {
  const { match } = query;
  const plan = planFor(environment, collection, query);
  const scan = startScan(environment, collection, plan, () => pacer.due());
  for (let isDone = false; !isDone;) {
    // What can not be done at once stops the scan, so that all have their turn in order.
    const met: { late?: Late; big?: Doc } = {};
    isDone = scan.run((record, bytes) => {
      const matches = testOrKeep(match, record, bytes, keepDoc);
      if (matches === true) {
        if (bytes.length < visitor.bigBytesMin) visitor.visit(bytes);
        else met.big = keepDoc(bytes);
      } else if (matches !== false) met.late = matches;
      return met.big === undefined && met.late === undefined && !pacer.due();
    });
    const { late } = met;
    // oxlint-disable-next-line no-await-in-loop
    if (late !== undefined && (await settleLate(match, late))) met.big = late.doc;
    // oxlint-disable-next-line no-await-in-loop
    if (met.big !== undefined) await visitor.visitBig(met.big);
    // oxlint-disable-next-line no-await-in-loop
    if (!isDone) await pacer.rest();
  }
}
