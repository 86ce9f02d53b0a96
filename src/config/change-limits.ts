/** Changes the bounds that an app has of its own. */
import { Fault } from "../kit/fault.ts";
import { type AppLimitName, type AppLimits, appLimitNames } from "./app-limits.ts";
import { limitBounds } from "./settings.ts";

/**
 * Changes what is named; null takes an own bound away.
 *
 * @returns undefined when nothing is left @throws {Fault} `InvalidParameter` for an unknown name, or a number out of bounds
 */
export function changeLimits(
  former: AppLimits | undefined,
  changes: Readonly<Record<string, unknown>>,
): AppLimits | undefined {
  const changed = new Map(Object.entries(former ?? {}));
  for (const [given, value] of Object.entries(changes)) {
    const name = appLimitNames.find((each) => each === given);
    if (name === undefined)
      throw new Fault(
        "InvalidParameter",
        `'${given}' is no limit of an app; these are: ${appLimitNames.join(", ")}`,
      );
    if (value === null) changed.delete(name);
    else changed.set(name, mustFit(name, value));
  }
  return changed.size === 0 ? undefined : Object.fromEntries(changed);
}

function mustFit(name: AppLimitName, value: unknown): number {
  const { min, max } = limitBounds(name);
  if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max)
    return value;
  throw new Fault("InvalidParameter", `${name} must be a whole number from ${min} to ${max}`);
}
