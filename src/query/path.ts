/** Dotted paths, split once when compiling. */

export interface PathPart {
  readonly key: string;
  /** The part as a position in an array; -1 where it is none. */
  readonly index: number;
}

/** 0 or a number without leading zeros, as the server writes array positions. */
const positionForm = /^(?:0|[1-9]\d{0,9})$/;

/** Splits `a.0.b`; empty parts are names like others. */
export function splitPath(path: string): readonly PathPart[] {
  return path.split(".").map((key) => ({ key, index: positionForm.test(key) ? Number(key) : -1 }));
}
