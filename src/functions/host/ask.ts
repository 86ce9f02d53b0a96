/** How what a function holds asks the server to do something. */

/** Rejects with what the server says. */
export type Ask = (
  fields: { readonly operation: string } & Readonly<Record<string, unknown>>,
) => Promise<unknown>;

export interface Target {
  readonly service: string;
  readonly database: string;
  readonly collection: string;
}
