/** Values as MongoDB's shell writes them. */
import { EjsonNumber, EjsonObject, type Ejson, toEjson } from "./value.ts";

type Build = (given: readonly Ejson[]) => Ejson | undefined;

const numberOf = (value: Ejson | undefined): string | undefined => {
  if (typeof value === "string") return value;
  if (value === undefined) return "0";
  return value instanceof EjsonNumber ? value.text : undefined;
};

function numberAs(wrapper: string, pattern: RegExp): Build {
  return ([value]) => {
    const text = numberOf(value);
    return text !== undefined && pattern.test(text)
      ? new EjsonObject([wrapper], [text])
      : undefined;
  };
}

const whole = /^-?\d+$/;

const dateOf: Build = ([value]) => {
  const ms = value === undefined ? Date.now() : Date.parse(typeof value === "string" ? value : "");
  const counted = value instanceof EjsonNumber ? Number(value.text) : ms;
  if (!Number.isInteger(counted)) return undefined;
  return toEjson({ $date: { $numberLong: String(counted) } });
};

const textAs =
  (wrapper: string): Build =>
  ([value]) =>
    typeof value === "string" ? new EjsonObject([wrapper], [value]) : undefined;

const builders: ReadonlyMap<string, Build> = new Map<string, Build>([
  [
    "ObjectId",
    ([value]) => {
      if (value === undefined) return toEjson({ $oid: newObjectId() });
      return typeof value === "string" && /^[0-9a-f]{24}$/i.test(value)
        ? toEjson({ $oid: value.toLowerCase() })
        : undefined;
    },
  ],
  ["ISODate", dateOf],
  ["Date", dateOf],
  ["NumberInt", numberAs("$numberInt", whole)],
  ["Int32", numberAs("$numberInt", whole)],
  ["NumberLong", numberAs("$numberLong", whole)],
  ["Long", numberAs("$numberLong", whole)],
  ["NumberDecimal", numberAs("$numberDecimal", /./)],
  ["Decimal128", numberAs("$numberDecimal", /./)],
  ["Double", numberAs("$numberDouble", /^-?[\d.eE+-]+$/)],
  ["UUID", ([value]) => toEjson({ $uuid: value ?? crypto.randomUUID() })],
  ["Symbol", textAs("$symbol")],
  ["Code", textAs("$code")],
  ["MinKey", () => toEjson({ $minKey: 1 })],
  ["MaxKey", () => toEjson({ $maxKey: 1 })],
  [
    "Timestamp",
    ([first, second]) => {
      const [t, i] =
        first instanceof EjsonObject ? [first.get("t"), first.get("i")] : [first, second];
      return t instanceof EjsonNumber && i instanceof EjsonNumber
        ? toEjson({ $timestamp: { t, i } })
        : undefined;
    },
  ],
  [
    "BinData",
    ([subType, base64]) =>
      subType instanceof EjsonNumber && whole.test(subType.text) && typeof base64 === "string"
        ? toEjson({
            $binary: { base64, subType: Number(subType.text).toString(16).padStart(2, "0") },
          })
        : undefined,
  ],
  [
    "RegExp",
    ([pattern, options]) =>
      typeof pattern === "string" && (options === undefined || typeof options === "string")
        ? toEjson({
            $regularExpression: {
              pattern,
              options: Array.from(options ?? "")
                .toSorted()
                .join(""),
            },
          })
        : undefined,
  ],
]);

/** @returns undefined for a name or values that make nothing */
export function constructed(name: string, given: readonly Ejson[]): Ejson | undefined {
  return builders.get(name)?.(given);
}

function newObjectId(): string {
  const seconds = Math.floor(Date.now() / 1000)
    .toString(16)
    .padStart(8, "0");
  const random = crypto.getRandomValues(new Uint8Array(8));
  return seconds + [...random].map((each) => each.toString(16).padStart(2, "0")).join("");
}
