/** Places in a string, counted in code points or in bytes of UTF-8 instead of JavaScript's units. */

const surrogate = /[\ud800-\udfff]/;

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}

/** Code points from one unit to before another; strings hold no half pairs. */
export function codePointsBetween(text: string, from: number, until: number): number {
  if (!surrogate.test(text)) return until - from;
  let count = 0;
  for (let at = from; at < until; at += 1) if (!isLowSurrogate(text.charCodeAt(at))) count += 1;
  return count;
}

export function countCodePoints(text: string): number {
  return codePointsBetween(text, 0, text.length);
}

/** Where a code point begins, in units; beyond the last one the end. @param from a unit to count from */
export function unitOfCodePoint(text: string, index: number, from = 0): number {
  if (!surrogate.test(text)) return Math.min(from + index, text.length);
  let at = from;
  for (let left = index; left > 0 && at < text.length; left -= 1)
    at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  return at;
}

/** Whether units, code points and bytes are all the same. */
export function isAscii(text: string): boolean {
  return Buffer.byteLength(text) === text.length;
}
