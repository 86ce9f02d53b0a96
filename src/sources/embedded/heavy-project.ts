/** A projection that leaves big documents to a thread, and what code computes to who runs it. */
import { CodeElsewhere } from "../../query/code.ts";
import type { QueryEnvironment } from "../../query/environment.ts";
import type { Projection } from "../../query/projection.ts";
import { Doc } from "../../bson/doc.ts";
import type { HeavyHelp } from "../../store/heavy-query.ts";
import { writeEnvironment } from "../../store/heavy-task.ts";
import { heavyBytesMin } from "../../store/postponed.ts";

/** A Promise for a big document only. */
export type Projecting = (doc: Doc) => Doc | Promise<Doc>;

export function createProjecting(
  projection: Projection,
  spec: { readonly filter: Doc; readonly projection: Doc },
  environment: QueryEnvironment,
  { work, signal }: HeavyHelp,
): Projecting {
  // What documents carry beside their fields stays here.
  const carries = (environment.metadata?.size ?? 0) > 0;
  return (doc) => {
    if (!carries && (doc.viewLength ?? 0) >= heavyBytesMin.project) return projectThere(doc);
    try {
      return projection.apply(doc);
    } catch (cause) {
      if (!(cause instanceof CodeElsewhere)) throw cause;
      return projectThere(doc);
    }
  };

  async function projectThere(doc: Doc): Promise<Doc> {
    const entries = [...Object.entries(spec), ...writeEnvironment(environment)] as const;
    const task = {
      kind: "project",
      spec: Doc.fromEntries(entries).toBytes(),
      document: doc.toBytes(),
    } as const;
    const { document } = await work.run(task, signal);
    if (document === undefined) return doc;
    return Doc.fromBytes(Buffer.from(document.buffer, document.byteOffset, document.byteLength));
  }
}
