/**
 * The one error class for expected failures, and the one table of their HTTP statuses.
 *
 * To add a failure: add a line to `faults`. Mapped to HTTP in `http/reply.ts` only.
 */

/** `error_code` on the wire → HTTP status. Names are the original's where it has one (SPEC §2.5, DESIGN §15). */
export const faults = {
  BadRequest: 400,
  FunctionExecutionError: 400,
  FunctionSyntaxError: 400,
  HTTPError: 400,
  InvalidParameter: 400,
  MissingParameter: 400,
  MongoDBError: 400,
  ReadSizeLimitExceeded: 400,
  RestrictedHost: 400,
  SchemaValidationFailedWrite: 400,
  ServiceCommandNotFound: 400,
  ServiceNotFound: 400,
  UserAlreadyConfirmed: 400,
  UserpassTokenInvalid: 400,
  Unauthorized: 401,
  AuthError: 401,
  DomainNotAllowed: 401,
  InvalidPassword: 401,
  InvalidSession: 401,
  IncomingWebhookAuthFailed: 401,
  UserDisabled: 401,
  Forbidden: 403,
  NoMatchingRuleFound: 403,
  APIKeyNotFound: 404,
  AppNotFound: 404,
  AuthProviderNotFound: 404,
  EndpointNotFound: 404,
  FunctionNotFound: 404,
  NotFound: 404,
  RuleNotFound: 404,
  UserNotFound: 404,
  ValueNotFound: 404,
  APIKeyAlreadyExists: 409,
  AccountNameInUse: 409,
  AuthProviderAlreadyExists: 409,
  DraftAlreadyExists: 409,
  DraftConflict: 409,
  FunctionDuplicateName: 409,
  ServiceAlreadyExists: 409,
  RuleAlreadyExists: 409,
  IdempotencyKeyReused: 409,
  ValueDuplicateName: 409,
  RequestTooLarge: 413,
  TooManyRequests: 429,
  InternalServerError: 500,
  ServiceUnavailable: 503,
  ExecutionTimeLimitExceeded: 504,
  HTTPVersionNotSupported: 505,
} as const satisfies Record<string, number>;

export type FaultCode = keyof typeof faults;

/** An expected failure. `message` is written for the person who sent the request and holds no secret. */
export class Fault extends Error {
  override readonly name = "Fault";
  readonly code: FaultCode;
  /** When it is worth another try; absent: nobody can tell. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: FaultCode,
    message: string,
    options?: ErrorOptions & { readonly retryAfterSeconds?: number },
  ) {
    super(message, options);
    this.code = code;
    this.retryAfterSeconds = options?.retryAfterSeconds;
  }
}
