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
  [6, "HostUnreachable"],
  [7, "HostNotFound"],
  [8, "UnknownError"],
  [9, "FailedToParse"],
  [11, "UserNotFound"],
  [13, "Unauthorized"],
  [14, "TypeMismatch"],
  [15, "Overflow"],
  [16, "InvalidLength"],
  [17, "ProtocolError"],
  [18, "AuthenticationFailed"],
  [20, "IllegalOperation"],
  [22, "InvalidBSON"],
  [26, "NamespaceNotFound"],
  [27, "IndexNotFound"],
  [28, "PathNotViable"],
  [40, "ConflictingUpdateOperators"],
  [43, "CursorNotFound"],
  [48, "NamespaceExists"],
  [50, "MaxTimeMSExpired"],
  [51, "InvalidRoleModification"],
  [52, "DollarPrefixedFieldName"],
  [53, "InvalidIdField"],
  [54, "NotSingleValueField"],
  [55, "InvalidDBRef"],
  [56, "EmptyFieldName"],
  [57, "DottedFieldName"],
  [59, "CommandNotFound"],
  [61, "ShardKeyNotFound"],
  [64, "WriteConcernFailed"],
  [66, "ImmutableField"],
  [67, "CannotCreateIndex"],
  [68, "IndexAlreadyExists"],
  [72, "InvalidOptions"],
  [73, "InvalidNamespace"],
  [85, "IndexOptionsConflict"],
  [86, "IndexKeySpecsConflict"],
  [89, "NetworkTimeout"],
  [91, "ShutdownInProgress"],
  [96, "OperationFailed"],
  [112, "WriteConflict"],
  [115, "CommandNotSupported"],
  [121, "DocumentValidationFailure"],
  [125, "CommandFailed"],
  [146, "ExceededMemoryLimit"],
  [159, "DurationOverflow"],
  [165, "ViewDepthLimitExceeded"],
  [166, "CommandNotSupportedOnView"],
  [168, "InvalidPipelineOperator"],
  [171, "CannotIndexParallelArrays"],
  [175, "QueryPlanKilled"],
  [189, "PrimarySteppedDown"],
  [197, "InvalidIndexSpecificationOption"],
  [225, "TransactionTooOld"],
  [232, "MaxSubPipelineDepthExceeded"],
  [237, "CursorKilled"],
  [238, "NotImplemented"],
  [241, "ConversionFailure"],
  [251, "NoSuchTransaction"],
  [260, "InvalidResumeToken"],
  [262, "ExceededTimeLimit"],
  [263, "OperationNotSupportedInTransaction"],
  [271, "TimeProofMismatch"],
  [280, "ChangeStreamFatalError"],
  [286, "ChangeStreamHistoryLost"],
  [291, "NoQueryExecutionPlans"],
  [292, "QueryExceededMemoryLimitNoDiskUseAllowed"],
  [334, "UnsupportedOpQueryCommand"],
  [9001, "SocketException"],
  [10107, "NotWritablePrimary"],
  [34, "CannotBackfillArray"],
  [111, "NotExactValueField"],
  [224, "QueryFeatureNotAllowed"],
  [167, "InvalidViewDefinition"],
  [5, "GraphContainsCycle"],
  [133, "FailedToSatisfyReadPreference"],
  [10334, "BSONObjectTooLarge"],
  [11000, "DuplicateKey"],
  [13113, "MergeStageNoMatchingDocument"],
  [11600, "InterruptedAtShutdown"],
  [11601, "Interrupted"],
  [11602, "InterruptedDueToReplStateChange"],
  [13435, "NotPrimaryNoSecondaryOk"],
  [13436, "NotPrimaryOrSecondary"],
  [14031, "OutOfDiskSpace"],
  [17280, "KeyTooLong"],
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
