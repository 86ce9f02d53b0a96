/** Which names variables may have: in `$let`, `$map.as`, a command's `let`, and where they are read. */
import { failedToParse } from "../kit/mongo-error.ts";

/**
 * Checks a name that is being defined; `CURRENT` is the only built-in one that may be.
 *
 * @throws {MongoError} 9
 */
export function checkNewVariableName(name: string): void {
  if (name === "CURRENT") return;
  checkName(name, /^[a-z\u0080-\u{10ffff}]/u);
}

/**
 * Checks a name that is being read.
 *
 * @throws {MongoError} 9
 */
export function checkVariableName(name: string): void {
  checkName(name, /^[A-Za-z\u0080-\u{10ffff}]/u);
}

function checkName(name: string, start: RegExp): void {
  if (name === "") throw failedToParse("empty variable names are not allowed");
  if (!start.test(name))
    throw failedToParse(`'${name}' starts with an invalid character for a user variable name`);
  const wrong = /[^A-Za-z0-9_\u0080-\u{10ffff}]/u.exec(name);
  if (wrong !== null)
    throw failedToParse(
      `'${name}' contains an invalid character for a variable name: '${wrong[0]}'`,
    );
}
