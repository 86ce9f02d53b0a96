/** A pipeline in the words of MongoDB's drivers, with the types that they have for its values. */
import { toShown } from "../../ejson/shown.ts";
import { EjsonNumber, EjsonObject, type Ejson, isEjsonArray, textOf } from "../../ejson/value.ts";

export interface DriverCall {
  readonly database: string;
  readonly collection: string;
  readonly pipeline: readonly Ejson[];
}

export function writeDriverCode(
  language: "Node.js driver" | "PyMongo",
  { database, collection, pipeline }: DriverCall,
): string {
  const [databaseText, collectionText] = [database, collection].map((each) => JSON.stringify(each));
  if (language === "PyMongo") {
    const body = write(pipeline, python, "");
    return [
      "import datetime, os",
      "import bson",
      "from pymongo import MongoClient",
      "",
      'client = MongoClient(os.environ["MONGODB_URI"])',
      `collection = client[${databaseText}][${collectionText}]`,
      `for document in collection.aggregate(${body}):`,
      "    print(document)",
    ].join("\n");
  }
  return [
    'import { BSONRegExp, Binary, Decimal128, Double, Long, MongoClient, ObjectId, Timestamp, UUID } from "mongodb";',
    "",
    "const client = new MongoClient(process.env.MONGODB_URI);",
    `const collection = client.db(${databaseText}).collection(${collectionText});`,
    `const documents = await collection.aggregate(${write(pipeline, javascript, "")}).toArray();`,
    "console.log(documents);",
    "await client.close();",
  ].join("\n");
}

interface Words {
  readonly null: string;
  readonly true: string;
  readonly false: string;
  /** By the type's name; what has none stays EJSON. */
  readonly wrap: (type: string, text: string, value: EjsonObject) => string | undefined;
}

const quoted = (text: string): string => JSON.stringify(text);

const javascript: Words = {
  null: "null",
  true: "true",
  false: "false",
  wrap(type, text, value) {
    switch (type) {
      case "Int32":
        return text;
      case "Double":
        return `new Double(${text})`;
      case "Int64":
        return `Long.fromString(${quoted(text)})`;
      case "Decimal128":
        return `Decimal128.fromString(${quoted(text)})`;
      case "ObjectId":
        return `new ObjectId(${quoted(text)})`;
      case "UUID":
        return `new UUID(${quoted(text)})`;
      case "Date":
        return `new Date(${quoted(text)})`;
      case "Regex": {
        const { pattern, options } = regexOf(value);
        return `new BSONRegExp(${quoted(pattern)}, ${quoted(options)})`;
      }
      case "Binary": {
        const { base64, subType } = binaryOf(value);
        return `new Binary(Buffer.from(${quoted(base64)}, "base64"), 0x${subType})`;
      }
      case "Timestamp":
        return `new Timestamp({ t: ${text.replace(", ", ", i: ")} })`;
      default:
        return undefined;
    }
  },
};

const python: Words = {
  null: "None",
  true: "True",
  false: "False",
  wrap(type, text, value) {
    switch (type) {
      case "Int32":
        return text;
      case "Double":
        return `float(${quoted(text)})`;
      case "Int64":
        return `bson.Int64(${text})`;
      case "Decimal128":
        return `bson.Decimal128(${quoted(text)})`;
      case "ObjectId":
        return `bson.ObjectId(${quoted(text)})`;
      case "UUID":
        return `bson.Binary.from_uuid(__import__("uuid").UUID(${quoted(text)}))`;
      case "Date":
        return `datetime.datetime.fromisoformat(${quoted(text.replace("Z", "+00:00"))})`;
      case "Regex": {
        const { pattern, options } = regexOf(value);
        return `bson.Regex(${quoted(pattern)}, ${quoted(options)})`;
      }
      case "Binary": {
        const { base64, subType } = binaryOf(value);
        return `bson.Binary(__import__("base64").b64decode(${quoted(base64)}), 0x${subType})`;
      }
      case "Timestamp":
        return `bson.Timestamp(${text})`;
      default:
        return undefined;
    }
  },
};

function inner(value: EjsonObject, name: string): string {
  const [wrapped] = value.values;
  return textOf(wrapped instanceof EjsonObject ? wrapped.get(name) : undefined);
}

function regexOf(value: EjsonObject): { readonly pattern: string; readonly options: string } {
  return { pattern: inner(value, "pattern"), options: inner(value, "options") };
}

function binaryOf(value: EjsonObject): { readonly base64: string; readonly subType: string } {
  return { base64: inner(value, "base64"), subType: inner(value, "subType") || "00" };
}

function write(value: Ejson, words: Words, indent: string): string {
  if (value === null) return words.null;
  if (value === true) return words.true;
  if (value === false) return words.false;
  if (typeof value === "string") return quoted(value);
  if (value instanceof EjsonNumber) return value.text;
  const deeper = `${indent}  `;
  if (isEjsonArray(value))
    return block(
      "[]",
      value.map((each) => write(each, words, deeper)),
      indent,
    );
  const shown = toShown(value);
  const wrapped = shown === undefined ? undefined : words.wrap(shown.type, shown.text, value);
  if (wrapped !== undefined) return wrapped;
  const { names, values } = value;
  return block(
    "{}",
    names.map((name, at) => `${quoted(name)}: ${write(values[at] ?? null, words, deeper)}`),
    indent,
  );
}

function block(brackets: "[]" | "{}", parts: readonly string[], indent: string): string {
  const [open, close] = brackets;
  if (parts.length === 0) return brackets;
  const line = parts.join(", ");
  if (line.length < 60 && !line.includes("\n") && indent !== "")
    return brackets === "{}" ? `{ ${line} }` : `[${line}]`;
  return `${open}\n${parts.map((each) => `${indent}  ${each}`).join(",\n")}\n${indent}${close}`;
}
