/** A file into a collection: read, sent and reported piece by piece, to be stopped at any time. */
import type { Place } from "../api/data.ts";
import { Failure, messageOf } from "../api/failure.ts";
import { type ImportedLines, type OnPresent, sendLines } from "../api/transfer.ts";
import { createReader, type FileFormat, type FileRecord, formatOfFile } from "./records.ts";

export interface FailedLine {
  readonly line: number;
  readonly message: string;
  /** As it stands in the file. */
  readonly text: string;
}

export interface ImportState {
  readonly bytesRead: number;
  readonly bytes: number;
  readonly inserted: number;
  readonly replaced: number;
  readonly skipped: number;
  readonly failed: readonly FailedLine[];
}

const batchLinesMax = 2000;
const batchCharsMax = 4 * 2 ** 20;
/** A file with more is another one than was meant. */
const failedMax = 10_000;

export interface ImportJob {
  readonly file: File;
  readonly format: FileFormat | "auto";
  readonly onPresent: OnPresent;
  readonly signal: AbortSignal;
  readonly onState: (state: ImportState) => void;
}

/** @throws when it can not go on; what was reported by then is done */
export async function importFile(place: Place, job: ImportJob): Promise<void> {
  const { file, signal, onState } = job;
  const state = { bytesRead: 0, inserted: 0, replaced: 0, skipped: 0 };
  const failed: FailedLine[] = [];
  let waiting: FileRecord[] = [];
  let chars = 0;
  const report = (): void => {
    onState({ ...state, bytes: file.size, failed: [...failed] });
  };
  async function send(): Promise<void> {
    const batch = waiting;
    [waiting, chars] = [[], 0];
    if (batch.length === 0) return;
    const lines = batch.map(({ text }) => text);
    const done = await sendLines(place, lines, job.onPresent, signal).catch((cause: unknown) => {
      if (batch.length === 1 && isTooLarge(cause)) return tooLarge(messageOf(cause));
      throw cause;
    });
    state.inserted += done.inserted;
    state.replaced += done.replaced;
    state.skipped += done.skipped;
    for (const { line, message } of done.failures) {
      const record = batch[line];
      if (record !== undefined) failed.push({ line: record.line, text: record.text, message });
    }
  }
  async function take(records: readonly FileRecord[]): Promise<void> {
    for (const record of records) {
      const { problem } = record;
      if (problem === undefined) {
        // A big one goes alone: what is refused for its size is then that one.
        if (chars > 0 && chars + record.text.length > batchCharsMax) await send();
        waiting.push(record);
        chars += record.text.length;
      } else failed.push({ line: record.line, text: record.text, message: problem });
      if (failed.length > failedMax) throw new Error(`More than ${failedMax} lines failed.`);
      if (waiting.length >= batchLinesMax || chars >= batchCharsMax) await send();
    }
    report();
  }
  // What is no UTF-8 must not become question marks in silence.
  const text = file.stream().pipeThrough(new TextDecoderStream("utf-8", { fatal: true }));
  const pieces = text.getReader();
  const first = await pieces.read();
  const format =
    job.format === "auto" ? formatOfFile(file.name, first.value?.slice(0, 1000) ?? "") : job.format;
  const reader = createReader(format);
  try {
    for (let piece = first; !piece.done; piece = await pieces.read()) {
      signal.throwIfAborted();
      await take(reader.push(piece.value));
      state.bytesRead = Math.min(file.size, state.bytesRead + piece.value.length);
    }
    await take(reader.end());
    await send();
    state.bytesRead = file.size;
  } catch (cause) {
    throw cause instanceof TypeError ? new Error("The file is no UTF-8 text.", { cause }) : cause;
  } finally {
    failed.sort((left, right) => left.line - right.line);
    report();
    void pieces.cancel().catch(messageOf);
  }
}

/** A document of nearly 16 MB may be longer as text than a request may be: that is no reason to stop. */
function isTooLarge(cause: unknown): boolean {
  return cause instanceof Failure && cause.status === 413;
}

function tooLarge(message: string): ImportedLines {
  return { inserted: 0, replaced: 0, skipped: 0, failures: [{ line: 0, message }] };
}
