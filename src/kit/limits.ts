/**
 * The bounds of a server: sizes in bytes (MB = 2^20), times in milliseconds. Each is a setting of the same name.
 *
 * To add a bound: a line here with its default, a line in `config/settings.ts`, and a fault where it is reached.
 */
export interface Limits {
  /** A request body above it is answered 413. */
  readonly requestBytesMax: number;
  /** Bodies of all requests that are in memory at once, of all apps together; one more is answered 503. */
  readonly bodiesBytesMax: number;
  /** Documents of one answer, counted as BSON; above it the answer is 400 `ReadSizeLimitExceeded`. */
  readonly responseBytesMax: number;
  /** From the end of the request's body to the answer; then 504. */
  readonly processingMsMax: number;
  /** Requests of one app that are worked on at once; one more is answered 429. */
  readonly requestsAtOnceMax: number;
  /** The `limit` of a `find` that names none. */
  readonly findLimitDefault: number;
  /** Documents in one answer: a `find` that wants more gets so many, an `aggregate` that has more fails. */
  readonly documentsMax: number;
  readonly serverKeysMax: number;
  /** Of one server API key in a minute; 0: no bound. */
  readonly requestsPerKeyMax: number;
  /** Of one address in a minute; 0: no bound. */
  readonly requestsPerAddressMax: number;
}

export const defaultLimits: Limits = {
  requestBytesMax: 18 * 2 ** 20,
  bodiesBytesMax: 512 * 2 ** 20,
  responseBytesMax: 16 * 2 ** 20,
  processingMsMax: 90_000,
  requestsAtOnceMax: 10_000,
  findLimitDefault: 1000,
  documentsMax: 50_000,
  serverKeysMax: 100,
  requestsPerKeyMax: 0,
  requestsPerAddressMax: 0,
};
