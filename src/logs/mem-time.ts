/**
 * What a request is counted with in byte-milliseconds: time × memory.
 *
 * Atlas: how the original measured memory is not told. Here a request weighs a fixed amount and its own bytes; while a
 * function runs, what a host may be expected to use.
 */
const plainBytes = 2 ** 20;
const functionBytes = 64 * 2 ** 20;

export interface Work {
  readonly ms: number;
  /** How long user code ran. */
  readonly functionMs: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
}

export function memTimeOf({ ms, functionMs, requestBytes, responseBytes }: Work): number {
  const memory = plainBytes + requestBytes + responseBytes;
  return Math.round(memory * ms + functionBytes * functionMs);
}
