/** Digits of π, as many as the greatest Decimal128 needs to be reduced by. */

let known = { places: 0, digits: 3n };

/** π × 10^places, rounded down; wrong by a few units in the last place. @param places up to some 6,500 */
export function piDigits(places: number): bigint {
  if (known.places < places) {
    const rounded = Math.ceil(places / 100) * 100;
    known = { places: rounded, digits: compute(rounded) };
  }
  return known.digits / 10n ** BigInt(known.places - places);
}

/** Machin's formula: π = 16 atan(1/5) - 4 atan(1/239). */
function compute(places: number): bigint {
  const guard = 10;
  const unit = 10n ** BigInt(places + guard);
  return (16n * arcTangentOfInverse(5n, unit) - 4n * arcTangentOfInverse(239n, unit)) / 10n ** 10n;
}

function arcTangentOfInverse(inverse: bigint, unit: bigint): bigint {
  const square = inverse * inverse;
  let power = unit / inverse;
  let sum = power;
  for (let divisor = 3n, sign = -1n; power > 0n; divisor += 2n, sign = -sign) {
    power /= square;
    sum += (sign * power) / divisor;
  }
  return sum;
}
