/** Documents that are too big to be looked at: their beginning, of which a person can tell what they are. */
import { Doc } from "../../bson/doc.ts";
import { Binary, BsonSymbol, Code, isArray, type Value } from "../../bson/value.ts";

const fieldsMax = 200;
const elementsMax = 50;
const textCharsMax = 1000;
const bytesMax = 512;
/** Of all depths together. */
const valuesMax = 2000;

/** The document with less of its fields, elements and letters. Types stay. */
export function abbreviate(document: Doc): Doc {
  let valuesLeft = valuesMax;
  const short = (value: Value): Value => {
    valuesLeft -= 1;
    if (typeof value === "string") return value.slice(0, textCharsMax);
    if (isArray(value)) {
      const kept: Value[] = [];
      for (const each of value.slice(0, elementsMax)) if (valuesLeft > 0) kept.push(short(each));
      return kept;
    }
    if (value instanceof Doc) return shortDoc(value);
    if (value instanceof Binary)
      return new Binary(value.subType, value.bytes.subarray(0, bytesMax));
    if (value instanceof Code) return new Code(value.code.slice(0, textCharsMax));
    if (value instanceof BsonSymbol) return new BsonSymbol(value.text.slice(0, textCharsMax));
    return value;
  };
  const shortDoc = (doc: Doc): Doc => {
    const kept: [string, Value][] = [];
    const names = doc.keys();
    for (const [at, name] of names.slice(0, fieldsMax).entries()) {
      if (valuesLeft <= 0) break;
      kept.push([name.slice(0, textCharsMax), short(doc.valueAt(at))]);
    }
    return Doc.fromEntries(kept);
  };
  return shortDoc(document);
}
