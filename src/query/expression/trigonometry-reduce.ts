/** Arguments of sine and its like, less whole quarters of a turn. */
import type { Decimal128 } from "../../bson/decimal128.ts";
import { divide, halfPi, multiply, unit } from "./trigonometry-fixed.ts";
import { piDigits } from "./trigonometry-pi.ts";
import { cutToQuad, toQuad } from "./trigonometry-quad.ts";
import { magnitude } from "./trigonometry-tiny.ts";

/** Places behind the point that the remainder is computed to. */
const reducedPlaces = 150;

const quadHalfPi = toQuad(halfPi);

/**
 * Splits an argument into quarters of a turn and what is left of it.
 *
 * @returns `quarter`, 0 to 3, and `angle`, at most an eighth of a turn in either direction
 */
export function reduceToQuarter(value: Decimal128): {
  readonly quarter: number;
  readonly angle: bigint;
} {
  const quarters = divide(remainder(value), halfPi);
  const whole = (2n * quarters + unit) / (2n * unit);
  const fraction = quarters - whole * unit;
  // The server cuts this fraction, and only rounds again what it makes of it.
  const size = cutToQuad(fraction < 0n ? -fraction : fraction);
  const angle = toQuad(multiply(size, quadHalfPi));
  const isNegative = fraction < 0n !== value.negative;
  const quarter = Number(value.negative ? (4n - (whole % 4n)) % 4n : whole % 4n);
  return { quarter, angle: isNegative ? -angle : angle };
}

/** The size of the argument less whole turns, as a fixed-point number. */
function remainder(value: Decimal128): bigint {
  // Modulo a turn that has as many digits more as the argument has in front of the point.
  const places = Math.max(magnitude(value), 0) + reducedPlaces;
  const scaled = value.coefficient * 10n ** BigInt(places + value.exponent);
  return ((scaled % (2n * piDigits(places))) * unit) / 10n ** BigInt(places);
}
