/** What a pipeline reaches: how each namespace that it names is read, and whether it may write where it wants to. */
import type { Value } from "../bson/value.ts";
import type { Scope } from "../config/scope.ts";
import type { Collection, DataSource } from "../sources/source.ts";
import { withoutCode } from "./code-free.ts";
import { keyOf, type Reachable } from "./enforced-pipeline.ts";
import { isFree } from "./enforced-reads.ts";
import type { NamespaceAccess } from "./namespace-access.ts";
import type { Namespace } from "./open-namespace.ts";
import { findTouched } from "./pipeline-namespaces.ts";
import { planRead, type ReadPlan } from "./read-plan.ts";
import { hasSchema } from "./schema.ts";
import { mayWriteAll, notPermitted } from "./write-check.ts";

/** @throws {Fault} `NoMatchingRuleFound` for a namespace that is closed, or that not everything may be written to */
export async function reach(
  {
    scope,
    namespace,
    store,
  }: { readonly scope: Scope; readonly namespace: Namespace; readonly store: DataSource },
  pipeline: readonly Value[],
  open: (namespace: Namespace) => NamespaceAccess,
): Promise<Reachable> {
  const plans = new Map<string, ReadPlan | undefined>();
  const touched = findTouched(pipeline, namespace.database);
  const targets = [{ ...namespace, writes: false }, ...touched];
  for (const { writes, database, collection } of targets) {
    const access = open({ dataSource: namespace.dataSource, database, collection });
    // oxlint-disable-next-line no-await-in-loop
    if (writes) await mustWriteAll(access);
    else if (!plans.has(keyOf(access))) {
      // oxlint-disable-next-line no-await-in-loop
      const plan = await planRead(access);
      plans.set(keyOf(access), isFree(plan) ? undefined : plan);
    }
  }
  return {
    namespace,
    plans,
    open: ({ database, collection }): Collection =>
      withoutCode(store.collection(database, collection), store),
    readsAgain: touched.some((each) => !each.writes && keyOf(each) === keyOf(namespace)),
    writes: touched.some((each) => each.writes),
    findings: scope.findings,
  };
}

/** What a stage writes is not looked at document by document. */
async function mustWriteAll(access: NamespaceAccess): Promise<void> {
  if (!hasSchema(access.config, access) && (await mayWriteAll(access))) return;
  throw notPermitted("insert", "a stage writes only where everything may be written");
}
