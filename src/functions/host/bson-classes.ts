/**
 * The `BSON` that functions see: the classes of the `bson` package, callable without `new` as the original's were, with
 * the original's methods beside their own.
 */
import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  DBRef,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
  UUID,
} from "bson";

export {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  DBRef,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
};

type Constructor = new (...given: never[]) => object;

/** @param fit turns what was given into what the class takes */
function callable<T extends Constructor>(
  made: T,
  fit: (given: readonly unknown[]) => readonly unknown[] = (given) => given,
): T {
  return new Proxy(made, {
    apply: (target, _self, given: readonly unknown[]) =>
      Reflect.construct(target, fit(given)) as object,
    construct: (target, given: readonly unknown[], newTarget) =>
      Reflect.construct(target, fit(given), newTarget) as object,
  });
}

function addMethods(target: object, methods: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(methods))
    Object.defineProperty(target, name, { value, writable: true, configurable: true });
}

function bytesOf(binary: Binary): Buffer {
  const { buffer, position } = binary;
  return Buffer.from(buffer.buffer, buffer.byteOffset, position);
}

addMethods(Binary.prototype, {
  text(this: Binary) {
    return bytesOf(this).toString("utf8");
  },
  toHex(this: Binary) {
    return bytesOf(this).toString("hex");
  },
  toBase64(this: Binary) {
    return bytesOf(this).toString("base64");
  },
  toString(this: Binary, encoding?: "hex" | "base64" | "utf8") {
    return bytesOf(this).toString(encoding ?? "utf8");
  },
});

const hexForm = /^(?:[0-9a-fA-F]{2})*$/;
const base64Form = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

addMethods(Binary, {
  fromHex(text: unknown, subType = 0) {
    if (typeof text !== "string" || !hexForm.test(text))
      throw new TypeError("BSON.Binary.fromHex: the text must be pairs of hexadecimal digits");
    return new Binary(Buffer.from(text, "hex"), subType);
  },
  fromBase64(text: unknown, subType = 0) {
    if (typeof text !== "string" || !base64Form.test(text))
      throw new TypeError("BSON.Binary.fromBase64: the text must be padded base64");
    return new Binary(Buffer.from(text, "base64"), subType);
  },
});

// A Long computes and compares as a number: code that was written for numbers must not join digits instead.
addMethods(Long.prototype, {
  valueOf(this: Long) {
    return this.toNumber();
  },
  toJSON(this: Long) {
    const narrow = this.toNumber();
    return Number.isSafeInteger(narrow) ? narrow : this.toString();
  },
});

/** What functions see as the global `BSON`. */
export const bsonGlobal: Readonly<Record<string, unknown>> = {
  ObjectId: callable(ObjectId),
  ObjectID: callable(ObjectId),
  Binary: callable(Binary),
  BSONRegExp: callable(BSONRegExp, ([pattern, flags]) => [
    String(pattern),
    // `g` and its like mean nothing to a query; the original took them.
    (typeof flags === "string" ? flags : "").replace(/[^ilmsux]/g, ""),
  ]),
  Int32: callable(Int32, ([value = 0]) => [value]),
  Double: callable(Double, ([value = 0]) => [value]),
  Long: callable(Long, ([low = 0, ...others]) => [low, ...others]),
  Decimal128: callable(Decimal128),
  Timestamp: callable(Timestamp),
  UUID: callable(UUID),
  Code: callable(Code),
  DBRef: callable(DBRef),
  BSONSymbol: callable(BSONSymbol),
  MinKey: withType(callable(MinKey), "MinKey"),
  MaxKey: withType(callable(MaxKey), "MaxKey"),
};

// The program is a bundle, in which a class may have got another name.
for (const [name, made] of Object.entries(bsonGlobal))
  if (name !== "ObjectID") Object.defineProperty(made, "name", { value: name });

/** `{ $lt: BSON.MaxKey }`: the class itself stands for its value. */
function withType<T extends object>(made: T, name: string): T {
  Object.defineProperty(made, "_bsontype", { value: name });
  return made;
}
