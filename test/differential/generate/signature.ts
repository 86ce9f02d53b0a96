/** Operators whose operand is a list of arguments. To add one: a line in `table`. */

/** n number, i small integer, s string, t date, l array, o document, b boolean, x binary, r regex, ts Timestamp, v any. */
export type Kind = "n" | "i" | "s" | "t" | "l" | "o" | "b" | "x" | "r" | "ts" | "v";

export interface Signature {
  readonly gives: Kind;
  readonly takes: readonly Kind[];
  /** Arguments that may follow. */
  readonly optional: readonly Kind[];
  /** Any number of them. */
  readonly rest: Kind | undefined;
}

/** Per line: names = type given, types taken; `?` marks an optional argument, `*` any number. */
const table = `
$abs $ceil $exp $floor $ln $log10 $sqrt = n n
$sin $cos $tan $asin $acos $atan $sinh $cosh $tanh $asinh $acosh $atanh = n n
$degreesToRadians $radiansToDegrees = n n
$atan2 $divide $log $mod $pow $subtract = n n n
$round $trunc = n n i?
$add $multiply $sum $avg $stdDevPop $stdDevSamp = n n*
$max $min = v v*
$arrayElemAt = v l i
$concatArrays = l l*
$first $last = v l
$in = b v l
$indexOfArray = n l v i? i?
$isArray $isNumber = b v
$objectToArray = l o
$range = l i i i?
$reverseArray = l l
$size = n l
$slice = l l i i?
$and $or = b b*
$not = b b
$cmp = n v v
$eq $ne $gt $gte $lt $lte = b v v
$ifNull = v v v v?
$mergeObjects = o o*
$allElementsTrue $anyElementTrue = b l
$setDifference = l l l
$setIntersection $setUnion = l l*
$setEquals = b l l
$setIsSubset = b l l
$type = s v
$toBool = b v
$toDate = t v
$toDecimal $toDouble $toInt $toLong = n v
$toObjectId = v s
$toString = s v
$binarySize = n x
$bsonSize = n o
$concat = s s*
$indexOfBytes $indexOfCP = n s s i? i?
$split = l s s
$strLenBytes $strLenCP = n s
$strcasecmp = n s s
$substr $substrBytes $substrCP = s s i i
$toLower $toUpper = s s
$tsSecond $tsIncrement = n ts
`;

export const signatures: ReadonlyMap<string, Signature> = new Map(
  table
    .trim()
    .split("\n")
    .flatMap((line) => {
      const [names = "", types = ""] = line.split(" = ");
      const [gives, ...takes] = types.split(" ");
      const signature: Signature = {
        gives: gives as Kind,
        takes: takes.filter((each) => !/[?*]$/.test(each)) as Kind[],
        optional: takes
          .filter((each) => each.endsWith("?"))
          .map((each) => each.slice(0, -1)) as Kind[],
        rest: takes.find((each) => each.endsWith("*"))?.slice(0, -1) as Kind | undefined,
      };
      return names.split(" ").map((name) => [name, signature] as const);
    }),
);
