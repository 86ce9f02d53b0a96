/** The bounds of functions: sizes in bytes unless said otherwise, times in milliseconds. */
import { availableParallelism } from "node:os";

export interface FunctionLimits {
  /** Hosts of an app that is called: so many at least, once there is more than one call at a time. */
  readonly hostsMin: number;
  readonly hostsMax: number;
  /** Calls in one host. */
  readonly callsAtOnceMax: number;
  /** Calls of one app that wait for a host; one more is answered 429. */
  readonly waitingMax: number;
  /** MB of JavaScript's heap in a host. */
  readonly memoryMb: number;
  /** All memory of a host, buffers included. */
  readonly rssBytesMax: number;
  /** After it a host without calls ends. */
  readonly idleMs: number;
  /** A host that computes for so long without a break is ended where other calls wait for it. */
  readonly stallMsMax: number;
  /** Functions that call functions. */
  readonly depthMax: number;
  /** Of what a function may ask of a data source at once. */
  readonly operationBytesMax: number;
}

export const defaultFunctionLimits: FunctionLimits = {
  hostsMin: 2,
  hostsMax: Math.max(2, availableParallelism()),
  callsAtOnceMax: 100,
  waitingMax: 10_000,
  memoryMb: 350,
  rssBytesMax: 700 * 2 ** 20,
  idleMs: 300_000,
  stallMsMax: 5000,
  depthMax: 50,
  operationBytesMax: 48 * 2 ** 20,
};
