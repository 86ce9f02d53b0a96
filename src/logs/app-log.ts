/**
 * The entries of one app until they are a segment.
 *
 * The common entry (nothing but names, numbers and texts that were there before) becomes a row at once. What holds free
 * text waits, since the app's secrets have to be read before it can be shown.
 */
import { createPacer } from "../kit/pacer.ts";
import { createKnownKinds } from "./known-kinds.ts";
import type { LogEntry } from "./log-entry.ts";
import { createPlainTexts } from "./plain-texts.ts";
import { plainFieldsOf, rareFieldsOf } from "./rare-fields.ts";
import { createRedactor, secretsOfRequest } from "./redact.ts";
import { createSegment, type Kind, type Segment } from "./segment.ts";

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

export interface AppLog {
  /** @returns the bytes that wait on account of it */
  take(entry: LogEntry, facts: EntryFacts): number;
  readonly isEmpty: boolean;
  /** Whether it has as much as a segment should have. */
  readonly isFull: boolean;
  /** Begins anew, and gives what makes a segment of all there was. */
  cut(): (readSecrets: () => Promise<readonly string[]>) => Promise<Segment>;
}

const segmentBytesMax = 512 * 1024;
const waitingMax = 2000;

/** An entry that holds free text. */
interface WaitingEntry {
  readonly entry: LogEntry;
  readonly kind: Omit<Kind, "headers">;
  readonly ms: number;
  readonly rawHeaders: readonly string[];
}

export function createAppLog(appId: string): AppLog {
  const texts = createPlainTexts();
  const known = createKnownKinds();
  let segment = createSegment(appId);
  let waiting: WaitingEntry[] = [];

  /** Undefined where a text is not known to be plain. */
  function numberOf(
    kind: Omit<Kind, "headers">,
    rawHeaders: readonly string[],
  ): number | undefined {
    const { url } = kind;
    const found = known.find(kind, url, rawHeaders, segment);
    if (found !== undefined) return found;
    const shown = texts.url(url);
    const headers = texts.headers(rawHeaders);
    if (shown === undefined || headers === undefined) return undefined;
    const whole = { ...kind, url: shown, headers };
    const number = segment.kindOf(whole);
    known.set(url, { kind: whole, segment, number, rawHeaders });
    return number;
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
      const number = hasFreeText(entry) ? undefined : numberOf(kind, rawHeaders);
      if (number !== undefined) {
        segment.add(entry, ms, number, plainFieldsOf(entry));
        return 0;
      }
      keepLittle(entry);
      waiting.push({ entry, kind, ms, rawHeaders });
      return weightOf(entry, url);
    },
    get isEmpty() {
      return segment.count === 0 && waiting.length === 0;
    },
    get isFull() {
      return segment.bytes > segmentBytesMax || waiting.length > waitingMax;
    },
    cut() {
      const [writer, entries] = [segment, waiting];
      segment = createSegment(appId);
      waiting = [];
      return async (readSecrets) => {
        if (entries.length === 0) return writer.finish();
        const secrets = await readSecrets();
        if (texts.setSecrets(secrets)) known.clear();
        const pacer = createPacer();
        for (const { entry, kind, ms, rawHeaders } of entries) {
          const { url } = kind;
          const own = secretsOfRequest({ rawHeaders, url, body: entry.endpointBody });
          const redactor = createRedactor([...secrets, ...own]);
          const shown = {
            ...kind,
            url: texts.learnUrl(url, redactor),
            headers: texts.learnHeaders(rawHeaders, redactor),
          };
          writer.add(entry, ms, writer.kindOf(shown), rareFieldsOf(entry, redactor));
          // oxlint-disable-next-line no-await-in-loop
          if (pacer.due(100)) await pacer.rest();
        }
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
  if (endpointBody !== undefined) entry.endpointBody = endpointBody.slice(0, bodyBytesMax);
  if (functionArguments !== undefined && functionArguments.length > bodyBytesMax)
    entry.functionArguments = functionArguments.slice(0, bodyBytesMax);
}

function weightOf({ endpointBody, functionArguments, messages }: LogEntry, url: string): number {
  const console = messages?.reduce((sum, each) => sum + each.length, 0) ?? 0;
  return (endpointBody?.length ?? 0) + (functionArguments?.length ?? 0) + console + url.length;
}
