/**
 * Takes what became known of a request, counts it, and writes it to the log, off the request's way.
 *
 * The common entry (nothing but names, numbers and texts that were there before) becomes a line at once. What holds free
 * text waits, since the app's secrets have to be read before it can be shown. Both are in the store within a second.
 */
import type { IncomingMessage } from "node:http";
import { Fault } from "../kit/fault.ts";
import { createPacer } from "../kit/pacer.ts";
import { createKnownKinds, type KnownKinds } from "./known-kinds.ts";
import type { Log } from "./log.ts";
import type { LogEntry } from "./log-entry.ts";
import { memTimeOf, type Work } from "./mem-time.ts";
import { createPlainTexts, type PlainTexts } from "./plain-texts.ts";
import { plainFieldsOf, rareFieldsOf } from "./rare-fields.ts";
import { createRedactor, secretsOfRequest } from "./redact.ts";
import { createSegment, type Kind, type Segment, type SegmentWriter } from "./segment.ts";
import type { Traffic } from "./traffic.ts";
import type { Usage } from "./usage.ts";

export interface Recorder {
  /**
   * Takes the entry of a request that has been answered. Cheap; never throws.
   *
   * @param status 0 where nobody was left to answer
   */
  request(entry: LogEntry, of: RequestFacts): void;
  /** The same for work that no request asked for: a trigger. */
  work(entry: LogEntry): void;
  /** What was taken so far is in the store when it resolves; never throws. */
  flush(): Promise<void>;
  /** Segments that could not be kept, since the store did not take them for too long. */
  readonly lostCount: number;
  close(): Promise<void>;
}

export interface RequestFacts {
  readonly request: IncomingMessage;
  readonly status: number;
  /** The client's. */
  readonly address: string;
  /** The App ID of the URL. */
  readonly app: string;
  readonly ms: number;
}

export interface RecorderEnvironment {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log: Log;
  readonly traffic: Traffic;
  readonly usage: Usage;
  /** Keeps a segment. */
  readonly put: (segment: Segment) => Promise<void>;
  /** Whether entries are kept at all; counted they are in any case. */
  readonly isKept: boolean;
  /** The values of an app's secrets. */
  readonly secretsOf: (appId: string) => Promise<readonly string[]>;
  /** Secrets of the server itself. */
  readonly ownSecrets: readonly string[];
}

/** The longest that an entry waits to be written; packing it and the store's own time come on top. */
const flushMs = 700;
const segmentBytesMax = 512 * 1024;
const waitingMax = 2000;
const waitingBytesMax = 16 * 2 ** 20;
/** Segments that the store did not take are kept up to this size. */
const unsentBytesMax = 64 * 2 ** 20;

/** An entry that holds free text. */
interface WaitingEntry {
  readonly entry: LogEntry;
  readonly kind: Omit<Kind, "headers">;
  /** As it came. */
  readonly url: string;
  readonly ms: number;
  readonly rawHeaders: readonly string[];
}

/** What an app's entries are collected in. */
interface AppLog {
  readonly appId: string;
  readonly texts: PlainTexts;
  readonly known: KnownKinds;
  segment: SegmentWriter;
  waiting: WaitingEntry[];
}

export function createRecorder(environment: RecorderEnvironment): Recorder {
  const { now, log, traffic, usage, put, isKept, secretsOf, ownSecrets } = environment;
  const logs = new Map<string, AppLog>();
  let unsent: Segment[] = [];
  let timer: NodeJS.Timeout | undefined;
  let flushing: Promise<void> = Promise.resolve();
  let lostCount = 0;
  let waitingBytes = 0;

  function logOf(appId: string): AppLog {
    let found = logs.get(appId);
    if (found === undefined) {
      found = {
        appId,
        texts: createPlainTexts(),
        known: createKnownKinds(),
        segment: createSegment(appId),
        waiting: [],
      };
      logs.set(appId, found);
    }
    return found;
  }

  function count(entry: LogEntry, appId: string, ms: number, memTime: number): void {
    const hasFailed = entry.error !== undefined;
    usage.count({
      appId,
      type: entry.type,
      hasFailed,
      computeByteMs: memTime,
      egressBytes: entry.responseBytes,
      ms,
      isLogin: !hasFailed && entry.authEvent?.type === "login",
      keyId: entry.keyId ?? "",
      route: entry.endpointRoute ?? entry.functionName ?? "",
      endedAt: entry.startedAt + ms,
    });
  }

  function take(
    entry: LogEntry,
    appId: string,
    facts: Pick<Kind, "status" | "method" | "url" | "address">,
    ms: number,
    rawHeaders: readonly string[],
  ): void {
    const appLog = logOf(appId);
    const { status, method, url, address } = facts;
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
    const number = hasFreeText(entry) ? undefined : numberOf(appLog, kind, url, rawHeaders);
    if (number === undefined) {
      keepLittle(entry);
      appLog.waiting.push({ entry, kind, url, ms, rawHeaders });
      waitingBytes += weightOf(entry, url);
    } else appLog.segment.add(entry, ms, number, plainFieldsOf(entry));
    schedule(appLog);
  }

  /** Undefined where a text is not known to be plain. */
  function numberOf(
    { known, texts, segment }: AppLog,
    kind: Omit<Kind, "headers">,
    url: string,
    rawHeaders: readonly string[],
  ): number | undefined {
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

  function schedule({ segment, waiting }: AppLog): void {
    const isFull = segment.bytes > segmentBytesMax || waiting.length > waitingMax;
    if (isFull || waitingBytes > waitingBytesMax) {
      void flush();
      return;
    }
    if (timer !== undefined) return;
    timer = setTimeout(() => void flush(), flushMs);
    timer.unref();
  }

  /** One after another: what is flushed first is in the store first. */
  async function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const taken = [...logs.values()]
      .filter(({ segment, waiting }) => segment.count > 0 || waiting.length > 0)
      .map((appLog) => {
        const { appId, segment, waiting } = appLog;
        appLog.segment = createSegment(appId);
        appLog.waiting = [];
        return { ...appLog, segment, waiting };
      });
    waitingBytes = 0;
    flushing = flushing.then(async () => {
      for (const each of taken)
        try {
          // oxlint-disable-next-line no-await-in-loop
          unsent.push(await pack(each));
        } catch (cause) {
          noteLoss(1, cause);
        }
      await send();
    });
    await flushing;
  }

  async function pack({ appId, texts, known, segment, waiting }: AppLog): Promise<Segment> {
    if (waiting.length > 0) {
      const secrets = [...ownSecrets, ...(await secretsOf(appId))];
      if (texts.setSecrets(secrets)) known.clear();
      const pacer = createPacer();
      for (const { entry, kind, url, ms, rawHeaders } of waiting) {
        const redactor = createRedactor([
          ...secrets,
          ...secretsOfRequest({ rawHeaders, url, body: entry.endpointBody }),
        ]);
        const shown = {
          ...kind,
          url: texts.learnUrl(url, redactor),
          headers: texts.learnHeaders(rawHeaders, redactor),
        };
        segment.add(entry, ms, segment.kindOf(shown), rareFieldsOf(entry, redactor));
        // oxlint-disable-next-line no-await-in-loop
        if (pacer.due(100)) await pacer.rest();
      }
    }
    return segment.finish();
  }

  async function send(): Promise<void> {
    const sending = unsent;
    unsent = [];
    for (const [at, segment] of sending.entries())
      try {
        // oxlint-disable-next-line no-await-in-loop
        await put(segment);
      } catch (cause) {
        keepUnsent(sending.slice(at), cause);
        return;
      }
  }

  function keepUnsent(segments: readonly Segment[], cause: unknown): void {
    unsent = [...segments];
    let bytes = unsent.reduce((sum, { data }) => sum + data.length, 0);
    let gone = 0;
    while (bytes > unsentBytesMax) {
      bytes -= unsent.shift()?.data.length ?? bytes;
      gone += 1;
    }
    if (gone > 0) noteLoss(gone, cause);
  }

  function noteLoss(segmentsCount: number, cause: unknown): void {
    lostCount += segmentsCount;
    log.write("error", "log entries lost", {
      segments: segmentsCount,
      message: cause instanceof Fault ? cause.message : String(cause),
    });
  }

  return {
    request(entry, { request, status, address, app, ms }) {
      const memTime = memTimeOf(workOf(entry, ms));
      const name = entry.functionName ?? entry.endpointRoute ?? (app === "" ? "server" : "");
      traffic.count(app, name, status, ms);
      const { appId } = entry;
      if (appId === undefined) return;
      if (entry.isAuthorized) count(entry, appId, ms, memTime);
      if (!isKept) return;
      const { method = "", url = "", rawHeaders } = request;
      take(entry, appId, { status, method, url, address }, rounded(ms), rawHeaders);
    },
    work(entry) {
      const { appId } = entry;
      if (appId === undefined) return;
      const ms = Math.max(0, now() - entry.startedAt);
      const memTime = memTimeOf(workOf(entry, ms));
      const status = entry.error === undefined ? 200 : 400;
      traffic.count(appId, entry.trigger?.name ?? entry.functionName ?? "", status, ms);
      count(entry, appId, ms, memTime);
      if (!isKept) return;
      take(entry, appId, { status, method: "", url: "", address: "" }, ms, []);
    },
    flush,
    get lostCount() {
      return lostCount;
    },
    async close() {
      await flush();
    },
  };
}

function workOf({ functionMs, requestBytes, responseBytes }: LogEntry, ms: number): Work {
  return { ms, functionMs, requestBytes, responseBytes };
}

/** Microseconds are enough. */
function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

function hasFreeText(entry: LogEntry): boolean {
  return (
    entry.error !== undefined ||
    entry.messages !== undefined ||
    entry.endpointBody !== undefined ||
    entry.functionArguments !== undefined ||
    entry.authFailure !== undefined ||
    entry.violations !== undefined ||
    entry.notes !== undefined
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
