/** The thread of `heavy-text.ts`: texts in, texts out, one after the other. */
import { parentPort } from "node:worker_threads";
import { Doc } from "../bson/doc.ts";
import { parseEjson } from "../bson/parse-ejson.ts";
import { writeDocText } from "../bson/stringify.ts";
import { TextWriter } from "../bson/text-writer.ts";
import { Fault } from "../kit/fault.ts";
import type { HeavyAnswer, HeavyWork } from "./heavy-text.ts";

function answer(work: HeavyWork): Uint8Array {
  const { buffer, byteOffset, byteLength } = work.bytes;
  const bytes = Buffer.from(buffer, byteOffset, byteLength);
  if (work.kind === "parse") return parseEjson(bytes).toBytes();
  const out = new TextWriter();
  writeDocText(out, Doc.fromBytes(bytes), work.format);
  return out.take();
}

parentPort?.on("message", ({ id, work }: { readonly id: number; readonly work: HeavyWork }) => {
  const given = tryAnswer(id, work);
  parentPort?.postMessage(
    given,
    given.bytes === undefined ? [] : [given.bytes.buffer as ArrayBuffer],
  );
});

function tryAnswer(id: number, work: HeavyWork): HeavyAnswer {
  try {
    // A copy of its own, which is then handed over.
    return { id, bytes: new Uint8Array(answer(work)) };
  } catch (cause) {
    if (cause instanceof Fault) return { id, fault: { code: cause.code, message: cause.message } };
    const message = cause instanceof Error ? cause.message : "the text could not be read";
    return { id, fault: { code: "BadRequest", message } };
  }
}
