/**
 * A failure in MongoDB's own terms: number, name and wording as a `mongod` gives them.
 *
 * The query language and both data sources throw it; `actions/` wraps it into the wire's fault.
 */

/** Code numbers of MongoDB that have a name; every other number is called `Location<number>`. */
const names: ReadonlyMap<number, string> = new Map([
  [1, "InternalError"],
  [2, "BadValue"],
  [4, "NoSuchKey"],
  [9, "FailedToParse"],
  [11, "UserNotFound"],
  [13, "Unauthorized"],
  [14, "TypeMismatch"],
  [15, "Overflow"],
  [16, "InvalidLength"],
  [17, "ProtocolError"],
  [20, "IllegalOperation"],
  [22, "InvalidBSON"],
  [26, "NamespaceNotFound"],
  [27, "IndexNotFound"],
  [28, "PathNotViable"],
  [40, "ConflictingUpdateOperators"],
  [48, "NamespaceExists"],
  [50, "MaxTimeMSExpired"],
  [51, "InvalidRoleModification"],
  [52, "DollarPrefixedFieldName"],
  [54, "NotSingleValueField"],
  [55, "InvalidDBRef"],
  [56, "EmptyFieldName"],
  [57, "DottedFieldName"],
  [59, "CommandNotFound"],
  [61, "ShardKeyNotFound"],
  [66, "ImmutableField"],
  [67, "CannotCreateIndex"],
  [68, "IndexAlreadyExists"],
  [72, "InvalidOptions"],
  [73, "InvalidNamespace"],
  [85, "IndexOptionsConflict"],
  [86, "IndexKeySpecsConflict"],
  [96, "OperationFailed"],
  [112, "WriteConflict"],
  [115, "CommandNotSupported"],
  [121, "DocumentValidationFailure"],
  [125, "CommandFailed"],
  [146, "ExceededMemoryLimit"],
  [165, "ViewDepthLimitExceeded"],
  [166, "CommandNotSupportedOnView"],
  [168, "InvalidPipelineOperator"],
  [171, "CannotIndexParallelArrays"],
  [197, "InvalidIndexSpecificationOption"],
  [238, "NotImplemented"],
  [241, "ConversionFailure"],
  [262, "ExceededTimeLimit"],
  [271, "TimeProofMismatch"],
  [291, "NoQueryExecutionPlans"],
  [292, "QueryExceededMemoryLimitNoDiskUseAllowed"],
  [334, "UnsupportedOpQueryCommand"],
  [10334, "BSONObjectTooLarge"],
  [11000, "DuplicateKey"],
  [11601, "InterruptedAtShutdown"],
]);

/** A failure with MongoDB's code, name and wording. */
export class MongoError extends Error {
  override readonly name = "MongoError";
  /** MongoDB's number, e.g. 11000. */
  readonly code: number;

  constructor(code: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  /** MongoDB's name of the code, e.g. `DuplicateKey` or `Location40324`. */
  get codeName(): string {
    return names.get(this.code) ?? `Location${this.code}`;
  }
}

/** `BadValue` (2), the commonest of all. */
export function badValue(message: string): MongoError {
  return new MongoError(2, message);
}

/** `FailedToParse` (9). */
export function failedToParse(message: string): MongoError {
  return new MongoError(9, message);
}

/** `TypeMismatch` (14). */
export function typeMismatch(message: string): MongoError {
  return new MongoError(14, message);
}
