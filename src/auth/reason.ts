/** Why somebody was not let in: for the log alone. */
import { Fault, faults } from "../kit/fault.ts";

/**
 * What the log says of a failure. Of one in authentication it says more than its sender hears: the reason behind it.
 *
 * @returns no secret: reasons name what was wrong, not what was sent
 */
export function loggedMessageOf(fault: Fault): string {
  if (faults[fault.code] !== 401) return fault.message;
  let last: Fault = fault;
  while (last.cause instanceof Fault) last = last.cause;
  const { cause } = last;
  const known = cause instanceof Error ? cause.message : cause;
  const reason = typeof known === "string" ? known : last.message;
  return reason === fault.message ? reason : `${fault.message} (${reason})`;
}
