/** An update that leaves big documents to a thread, and what code computes to who runs it. */
import { CodeElsewhere } from "../../query/code.ts";
import type { QueryEnvironment } from "../../query/environment.ts";
import { Doc } from "../../bson/doc.ts";
import type { Value } from "../../bson/value.ts";
import type { HeavyHelp } from "../../store/heavy-query.ts";
import { writeEnvironment } from "../../store/heavy-task.ts";
import { type Answers, createAnswers, heavyBytesMin } from "../../store/postponed.ts";

/** An update, or a replacement, as it was asked for. */
export interface ChangeSpec {
  /** For the positional operator. */
  readonly filter: Doc;
  readonly update?: Doc | readonly Value[];
  readonly replacement?: Doc;
  readonly arrayFilters?: readonly Doc[] | undefined;
}

/** The same change, which throws `Postponed` for a big document whose successor is not known yet. */
export function postponeChange(
  change: (before: Doc) => Doc,
  spec: ChangeSpec,
  environment: QueryEnvironment,
  { work, signal }: HeavyHelp,
): (before: Doc) => Doc {
  // What is put in a big document's place has nothing to do with it.
  if (spec.replacement !== undefined) return change;
  let answers: Answers<Doc | undefined> | undefined;
  async function ask(document: Buffer): Promise<Doc | undefined> {
    const task = { kind: "change", spec: encode(spec, environment), document } as const;
    const { document: after } = await work.run(task, signal);
    return after === undefined
      ? undefined
      : Doc.fromBytes(Buffer.from(after.buffer, after.byteOffset, after.byteLength));
  }
  function askAbout(before: Doc): Doc {
    answers ??= createAnswers(async (documents) => Promise.all(documents.map(ask)));
    return answers.of(before.toBytes()) ?? before;
  }
  return (before) => {
    if ((before.viewLength ?? 0) >= heavyBytesMin.change) return askAbout(before);
    try {
      return change(before);
    } catch (cause) {
      if (!(cause instanceof CodeElsewhere)) throw cause;
      return askAbout(before);
    }
  };
}

function encode(
  { filter, update, arrayFilters }: ChangeSpec,
  environment: QueryEnvironment,
): Buffer {
  return Doc.fromEntries([
    ["filter", filter],
    ["update", update ?? null],
    ["arrayFilters", arrayFilters ?? null],
    ...writeEnvironment(environment),
  ]).toBytes();
}
