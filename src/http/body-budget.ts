/** How much of requests' bodies is in memory at once, of all apps together: the one bound that many big bodies meet. */
import { Fault } from "../kit/fault.ts";

/** A request, as far as its body is in memory. */
export interface BodyHolder {
  bodyBytes: number;
}

export interface BodyBudget {
  /**
   * Counts what has come of a body.
   *
   * @throws {Fault} `ServiceUnavailable` where it is too much; it counts until it is given back all the same
   */
  take(holder: BodyHolder, bytes: number): void;
  /** The request is answered: nobody needs its body any more. */
  giveBack(holder: BodyHolder): void;
  /** Of all bodies. */
  readonly bytes: number;
}

/** Bodies up to this size are let in when bigger ones no longer are: a few clients with big ones keep nobody else out. */
const smallBytesMax = 64 * 1024;
const bigShare = 0.75;

export function createBodyBudget(bytesMax: number): BodyBudget {
  const bigBytesMax = bytesMax * bigShare;
  let held = 0;
  return {
    take(holder, bytes) {
      held += bytes;
      holder.bodyBytes += bytes;
      if (held <= bigBytesMax) return;
      if (held <= bytesMax && holder.bodyBytes <= smallBytesMax) return;
      throw new Fault("ServiceUnavailable", "too many request bodies at once");
    },
    giveBack(holder) {
      held -= holder.bodyBytes;
      holder.bodyBytes = 0;
    },
    get bytes() {
      return held;
    },
  };
}
