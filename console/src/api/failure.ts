/** What went wrong with a call, in the admin API's own words. */
export class Failure extends Error {
  override readonly name = "Failure";
  /** 0 where no answer came. */
  readonly status: number;
  readonly code: string;
  /** The whole answer. */
  readonly body: unknown;

  constructor(status: number, code: string, message: string, body?: unknown) {
    super(message);
    this.body = body;
    this.status = status;
    this.code = code;
  }
}

export function isWorthRetrying(cause: unknown): boolean {
  return cause instanceof Failure && (cause.status === 0 || cause.status >= 500);
}

export function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
