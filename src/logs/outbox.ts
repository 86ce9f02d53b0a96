/** Segments on their way to the store: what it does not take is kept for the next time, up to a bound. */
import { Fault } from "../kit/fault.ts";
import type { Log } from "./log.ts";
import type { Segment } from "./segment.ts";

export interface Outbox {
  add(segment: Segment): void;
  /** Hands over what is there; never throws. */
  send(): Promise<void>;
  /** Says of segments that they are gone. */
  noteLoss(segmentsCount: number, cause: unknown): void;
  readonly lostCount: number;
}

/** Segments that the store did not take are kept up to this size. */
const unsentBytesMax = 64 * 2 ** 20;

export function createOutbox(put: (segment: Segment) => Promise<void>, log: Log): Outbox {
  let unsent: Segment[] = [];
  let lostCount = 0;

  function keep(segments: readonly Segment[], cause: unknown): void {
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
    add(segment) {
      unsent.push(segment);
    },
    async send() {
      const sending = unsent;
      unsent = [];
      for (const [at, segment] of sending.entries())
        try {
          // oxlint-disable-next-line no-await-in-loop
          await put(segment);
        } catch (cause) {
          keep(sending.slice(at), cause);
          return;
        }
    },
    noteLoss,
    get lostCount() {
      return lostCount;
    },
  };
}
