/**
 * The entries of one app until they are a segment.
 *
 * The common entry (nothing but names, numbers and texts that were there before) becomes a row at once. What holds free
 * text waits, since the app's secrets have to be read before it can be shown.
 */
import { createPacer } from "../kit/pacer.ts";
import { createKnownKinds, type KnownKind } from "./known-kinds.ts";
import type { LogEntry } from "./log-entry.ts";
import { createPlainTexts, type Sender } from "./plain-texts.ts";
import { plainFieldsOf, rareFieldsOf } from "./rare-fields.ts";
import { createSegment, type Kind, type Segment, type SegmentWriter } from "./segment.ts";

/** What is known of an entry besides what it says itself. */
export interface EntryFacts {
  /** 0 where nobody was left to answer. */
  readonly status: number;
  readonly method: string;
  /** As it came. */
  readonly url: string;
  readonly address: string;
  readonly ms: number;
  readonly rawHeaders: readonly string[];
}

/** The values of an app's secrets, as they are now. */
export type ReadSecrets = () => Promise<readonly string[]>;

export interface AppLog {
  take(entry: LogEntry, facts: EntryFacts): void;
  /** What waits with its texts is looked through. @returns when it is; undefined where little waits, or it is done already */
  digest(readSecrets: ReadSecrets): Promise<void> | undefined;
  readonly isEmpty: boolean;
  /** Whether it has as much as a segment should have. */
  readonly isFull: boolean;
  /** Begins anew, and gives what makes a segment of all there was. */
  cut(): (readSecrets: ReadSecrets) => Promise<Segment>;
}

const segmentBytesMax = 512 * 1024;
const waitingMax = 2000;
/** Of all apps together. */
const waitingBytesMax = 16 * 2 ** 20;
/** So many texts are worth reading the secrets for; what waits for longer becomes old for the garbage collector. */
const digestedMin = 128;

/** An entry that holds free text. */
interface WaitingEntry {
  readonly entry: LogEntry;
  readonly kind: Omit<Kind, "headers">;
  readonly ms: number;
  readonly rawHeaders: readonly string[];
}

/** @param held the bytes that entries of all apps hold while they wait; kept up to date here */
export function createAppLog(appId: string, held: { bytes: number }): AppLog {
  const texts = createPlainTexts();
  const known = createKnownKinds();
  let segment = createSegment(appId);
  let waiting: WaitingEntry[] = [];
  let waitingBytes = 0;
  let digesting: Promise<void> | undefined;

  function takeWaiting(): readonly WaitingEntry[] {
    const taken = waiting;
    waiting = [];
    held.bytes -= waitingBytes;
    waitingBytes = 0;
    return taken;
  }

  async function write(
    entries: readonly WaitingEntry[],
    writer: SegmentWriter,
    readSecrets: ReadSecrets,
  ): Promise<void> {
    if (entries.length === 0) return;
    if (texts.setSecrets(await readSecrets())) known.clear();
    const pacer = createPacer();
    for (const waited of entries) {
      const { entry, kind, ms } = waited;
      const { number, sender } = learnKind(waited, writer);
      const redactor = texts.redactorFor(sender, kind.url, entry.endpointBody);
      writer.add(entry, ms, number, rareFieldsOf(entry, redactor));
      // oxlint-disable-next-line no-await-in-loop
      if (pacer.due(100)) await pacer.rest();
    }
  }

  function learnKind({ entry, kind, rawHeaders }: WaitingEntry, writer: SegmentWriter): KnownKind {
    const { url } = kind;
    const found = known.find(kind, url, rawHeaders, writer);
    if (found !== undefined) return found;
    const sender = texts.learnSender(rawHeaders);
    const redactor = texts.redactorFor(sender, url, entry.endpointBody);
    return note({ kind, rawHeaders }, { url: texts.learnUrl(url, redactor), sender }, writer);
  }

  /** Undefined where a text is not known to be plain. */
  function kindOf(
    kind: Omit<Kind, "headers">,
    rawHeaders: readonly string[],
  ): KnownKind | undefined {
    const found = known.find(kind, kind.url, rawHeaders, segment);
    if (found !== undefined) return found;
    const url = texts.url(kind.url);
    const sender = texts.sender(rawHeaders);
    if (url === undefined || sender === undefined) return undefined;
    return note({ kind, rawHeaders }, { url, sender }, segment);
  }

  function note(
    { kind, rawHeaders }: Pick<WaitingEntry, "kind" | "rawHeaders">,
    { url, sender }: { readonly url: string; readonly sender: Sender },
    writer: SegmentWriter,
  ): KnownKind {
    const whole = { ...kind, url, headers: sender.shown };
    const made = { kind: whole, segment: writer, number: writer.kindOf(whole), rawHeaders, sender };
    known.set(kind.url, made);
    return made;
  }

  return {
    take(entry, { status, method, url, address, ms, rawHeaders }) {
      // Field by field: a spread object would cost more than all the rest of an entry.
      const kind = {
        type: entry.type,
        status,
        method,
        url,
        address,
        userId: entry.userId ?? "",
        keyId: entry.keyId ?? "",
        route: entry.endpointRoute ?? "",
        functionName: entry.functionName ?? "",
      };
      const found = hasFreeText(entry) ? undefined : kindOf(kind, rawHeaders);
      if (found !== undefined) {
        segment.add(entry, ms, found.number, plainFieldsOf(entry));
        return;
      }
      keepLittle(entry);
      waiting.push({ entry, kind, ms, rawHeaders });
      const weight = weightOf(entry, url);
      waitingBytes += weight;
      held.bytes += weight;
    },
    digest(readSecrets) {
      if (waiting.length < digestedMin || digesting !== undefined) return undefined;
      const bytes = waitingBytes;
      const [writer, entries] = [segment, takeWaiting()];
      digesting = write(entries, writer, readSecrets)
        .catch(() => {
          // The secrets could not be read: they are tried once more with what comes next.
          waiting = [...entries, ...waiting];
          waitingBytes += bytes;
          held.bytes += bytes;
        })
        .finally(() => {
          digesting = undefined;
        });
      return digesting;
    },
    get isEmpty() {
      return segment.count === 0 && waiting.length === 0 && digesting === undefined;
    },
    get isFull() {
      return (
        segment.bytes > segmentBytesMax ||
        waiting.length > waitingMax ||
        held.bytes > waitingBytesMax
      );
    },
    cut() {
      const [writer, entries, former] = [segment, takeWaiting(), digesting];
      segment = createSegment(appId);
      return async (readSecrets) => {
        await former;
        await write(entries, writer, readSecrets);
        return writer.finish();
      };
    },
  };
}

function hasFreeText(entry: LogEntry): boolean {
  return (
    entry.error !== undefined ||
    entry.messages !== undefined ||
    entry.endpointBody !== undefined ||
    entry.functionArguments !== undefined ||
    entry.authFailure !== undefined ||
    entry.violations !== undefined ||
    entry.notes !== undefined ||
    entry.client !== undefined
  );
}

const bodyBytesMax = 64 * 1024;

/** A body of megabytes must not stay in memory for the few thousand characters that are shown of it. */
function keepLittle(entry: LogEntry): void {
  const { endpointBody, functionArguments } = entry;
  if (endpointBody !== undefined && endpointBody.length > bodyBytesMax)
    entry.endpointBody = Uint8Array.from(endpointBody.subarray(0, bodyBytesMax));
  if (functionArguments !== undefined && functionArguments.length > bodyBytesMax)
    entry.functionArguments = functionArguments.slice(0, bodyBytesMax);
}

function weightOf({ endpointBody, functionArguments, messages }: LogEntry, url: string): number {
  const console = messages?.reduce((sum, each) => sum + each.length, 0) ?? 0;
  return (endpointBody?.length ?? 0) + (functionArguments?.length ?? 0) + console + url.length;
}
