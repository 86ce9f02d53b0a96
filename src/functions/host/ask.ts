/** How what a function holds asks the server to do something. */

export type Asked = { readonly operation: string } & Readonly<Record<string, unknown>>;

/** Rejects with what the server says, and with what making the question throws. */
export type Ask = (asked: Asked | (() => Asked)) => Promise<unknown>;

export interface Target {
  readonly service: string;
  readonly database: string;
  readonly collection: string;
}
