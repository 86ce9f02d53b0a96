import { expect, test } from "vitest";
import { Doc } from "../bson/doc.ts";
import { parseEjson, parseEjsonValue } from "../bson/parse-ejson.ts";
import { isArray } from "../bson/value.ts";
import { createPacer } from "../kit/pacer.ts";
import { MongoError } from "../kit/mongo-error.ts";
import { compileSort, sortDocs } from "./sort.ts";

function read(text: string): Doc {
  return parseEjson(Buffer.from(text));
}

/** How the documents come: from the store as bytes, from a stage as values. */
type Form = "bytes" | "values" | "both";

async function sortedIds(
  spec: string,
  values: string,
  { form, limit }: { readonly form: Form; readonly limit?: number },
): Promise<unknown[]> {
  const list = parseEjsonValue(Buffer.from(values));
  if (!isArray(list)) throw new TypeError("a list of documents");
  const docs = list.map((each, index) => {
    const doc = (each as Doc).with("_id", index);
    const isBytes = form === "bytes" || (form === "both" && index % 2 === 0);
    return isBytes ? Doc.fromBytes(doc.toBytes()) : doc;
  });
  const pacer = createPacer();
  const sort = compileSort(read(spec));
  const options = limit === undefined ? { pacer } : { pacer, limit };
  const sorted = await sortDocs([docs], sort, options);
  return sorted.map((doc) => doc.get("_id"));
}

/** Orders are those of a mongod 6.0. */
test.for<[title: string, spec: string, documents: string, order: number[]]>([
  ["a field descends", `{"a":-1}`, `[{"a":1},{"a":3},{"a":2}]`, [1, 2, 0]],
  [
    "types have an order",
    `{"a":1}`,
    `[{"a":"x"},{"a":{"$maxKey":1}},{"a":true},{"a":1},{"a":null},{"a":{"$minKey":1}}]`,
    [5, 4, 3, 0, 2, 1],
  ],
  [
    "a missing field is null",
    `{"a":1}`,
    `[{"a":1},{},{"a":null},{"a":{"$minKey":1}}]`,
    [3, 1, 2, 0],
  ],
  ["an empty array is below null", `{"a":1}`, `[{"a":null},{"a":[]}]`, [1, 0]],
  [
    "an array counts by its least element",
    `{"a":1}`,
    `[{"a":[5,2]},{"a":3},{"a":[1,9]}]`,
    [2, 0, 1],
  ],
  [
    "descending an array counts by its greatest",
    `{"a":-1}`,
    `[{"a":[5,2]},{"a":6},{"a":[1,9]}]`,
    [2, 1, 0],
  ],
  [
    "paths go through arrays",
    `{"a.b":1}`,
    `[{"a":[{"b":3},{"b":2}]},{"a":{"b":1}},{"a":[1]}]`,
    [2, 1, 0],
  ],
  ["a number is a position", `{"a.1":1}`, `[{"a":[1,3]},{"a":[9,2]}]`, [1, 0]],
  [
    "two paths of one array go by element",
    `{"a.x":1,"a.y":1}`,
    `[{"a":[{"x":1,"y":5},{"x":2,"y":0}]},{"a":{"x":1,"y":4}}]`,
    [1, 0],
  ],
  [
    "later paths decide between equals",
    `{"a":1,"b":-1}`,
    `[{"a":1,"b":1},{"a":1,"b":2},{"a":0}]`,
    [2, 1, 0],
  ],
  [
    "equals keep their order",
    `{"a":1}`,
    `[{"a":1},{"a":{"$numberDouble":"1"}},{"a":{"$numberLong":"1"}}]`,
    [0, 1, 2],
  ],
  [
    "symbols stand among strings",
    `{"a":1}`,
    `[{"a":{"$symbol":"c"}},{"a":"b"},{"a":"d"},{"a":{"$symbol":"a"}}]`,
    [3, 1, 0, 2],
  ],
  [
    "texts go by code points",
    `{"a":1}`,
    `[{"a":"ab"},{"a":"a\\ud83d\\ude00"},{"a":"a\\uffff"},{"a":"a"},{"a":""},{"a":"a\\u0000"},{"a":"aé"}]`,
    [4, 3, 5, 0, 6, 2, 1],
  ],
  [
    "numbers of all types",
    `{"a":-1}`,
    `[{"a":1.5},{"a":{"$numberLong":"9007199254740993"}},{"a":{"$numberDecimal":"2"}},{"a":{"$numberDouble":"NaN"}},{"a":{"$numberDouble":"9007199254740992"}},{"a":-1}]`,
    [1, 4, 2, 0, 5, 3],
  ],
])("sort: %s", async ([, spec, documents, order]) => {
  for (const form of ["bytes", "values", "both"] as const) {
    // oxlint-disable-next-line no-await-in-loop
    expect(await sortedIds(spec, documents, { form })).toEqual(order);
    // oxlint-disable-next-line no-await-in-loop
    expect(await sortedIds(spec, documents, { form, limit: 2 })).toEqual(order.slice(0, 2));
  }
});

test.for<[spec: string, outcome: string]>([
  [`{"a":0}`, "15975 $sort key ordering must be 1 (for ascending) or -1 (for descending)"],
  [`{"a":2}`, "15975 $sort key ordering must be 1 (for ascending) or -1 (for descending)"],
  [`{"a":1.5}`, "compiled"],
  [`{"a":"asc"}`, '15974 Illegal key in $sort specification: a: "asc"'],
  [`{"a":{"b":1}}`, "17312 $meta is the only expression supported by $sort right now"],
  [
    `{"a":{"$meta":"textScore"}}`,
    "40218 query requires text score metadata, but it is not available",
  ],
  [`{"a":{"$meta":"foo"}}`, '31138 Illegal $meta sort: $meta: "foo"'],
  [`{"":1}`, "40352 FieldPath cannot be constructed with empty string"],
  [`{"a.":1}`, "40353 FieldPath must not end with a '.'."],
  [`{"a..b":1}`, "15998 FieldPath field names may not be empty strings."],
  [
    `{"a.$b":1}`,
    "16410 FieldPath field names may not start with '$'. Consider using $getField or $setField.",
  ],
])("sort: %s is %s", ([spec, outcome]) => {
  let result = "compiled";
  try {
    compileSort(read(spec));
  } catch (cause) {
    if (!(cause instanceof MongoError)) throw cause;
    result = `${cause.code} ${cause.message}`;
  }
  expect(result).toBe(outcome);
});

test.for([
  [`{"a":1,"b":1}`, `{"a":[1],"b":[1]}`, "cannot sort with keys that are parallel arrays"],
  [`{"a.0":1}`, `{"a":[{"0":1}]}`, "Ambiguous field name found in array"],
] as const)("sort: %s on %s fails", ([spec, document, message]) => {
  expect(() => compileSort(read(spec)).keyOf(read(document))).toThrow(message);
});

test("sort: many documents come out as a plain stable sort has them, whole and in part", async () => {
  let state = 1;
  const next = (): number => (state = (state * 48_271) % 2_147_483_647);
  const keys = Array.from({ length: 5000 }, () => next() % 700);
  const docs = keys.map((key, index) => Doc.of({ _id: index, a: key }));
  const expected = keys
    .map((key, index) => [key, index] as const)
    .toSorted((left, right) => left[0] - right[0] || left[1] - right[1])
    .map(([, index]) => index);
  const sort = compileSort(read(`{"a":1}`));
  const stored = docs.map((each) => Doc.fromBytes(each.toBytes()));
  const batches = [docs.slice(0, 100), docs.slice(100)];
  const ids = async (limit?: number, given: readonly Doc[][] = batches): Promise<unknown[]> => {
    const pacer = createPacer();
    const options = limit === undefined ? { pacer } : { pacer, limit };
    return (await sortDocs(given, sort, options)).map((doc) => doc.get("_id"));
  };
  expect(await ids()).toEqual(expected);
  expect(await ids(undefined, [stored])).toEqual(expected);
  expect(await ids(50, [stored])).toEqual(expected.slice(0, 50));
  expect(await ids(50)).toEqual(expected.slice(0, 50));
});

test("sort: what would take too much memory is refused", async () => {
  const text = "x".repeat(2 ** 20);
  const docs = Array.from({ length: 300 }, (_, index) => Doc.of({ _id: index, text }));
  const sort = compileSort(read(`{"_id":1}`));
  await expect(sortDocs([docs], sort, { pacer: createPacer() })).rejects.toMatchObject({
    code: 292,
  });
  const first = await sortDocs([docs], sort, { pacer: createPacer(), limit: 5 });
  expect(first).toHaveLength(5);
});
