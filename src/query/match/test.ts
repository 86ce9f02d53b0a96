/** What a filter, or a part of one, compiles to, and how parts are put together. */
import { Doc } from "../../bson/doc.ts";
import type { DocTest } from "./traverse.ts";

/** Tests the document that begins at `start`. @param doc the same, where there is one: it may carry more than fields */
export type BytesTest = (bytes: Buffer, start: number, doc: Doc | undefined) => boolean;

export interface Test {
  readonly ofDoc: DocTest;
  /** The same for a document's bytes. Absent where a document has to be made of them anyway. */
  readonly ofBytes?: BytesTest | undefined;
}

export function all(tests: readonly Test[]): Test {
  return { ofDoc: allDocs(tests), ofBytes: ofAllBytes(tests, allBytes) };
}

export function any(tests: readonly Test[]): Test {
  const [only] = tests;
  if (tests.length === 1 && only !== undefined) return only;
  return {
    // Which of the alternatives matched is not told: as on the server there is no position then.
    ofDoc: (doc) => {
      for (const { ofDoc } of tests) if (ofDoc(doc, null)) return true;
      return false;
    },
    ofBytes: ofAllBytes(tests, anyBytes),
  };
}

export function not({ ofDoc, ofBytes }: Test): Test {
  return {
    // What a negation has gone through is no match, so it has no position.
    ofDoc: (doc) => !ofDoc(doc, null),
    ofBytes: ofBytes && ((bytes, start, doc): boolean => !ofBytes(bytes, start, doc)),
  };
}

export const always: Test = { ofDoc: () => true, ofBytes: () => true };
export const never: Test = { ofDoc: () => false, ofBytes: () => false };

function allDocs(tests: readonly Test[]): DocTest {
  const [first, second] = tests.map((each) => each.ofDoc);
  if (tests.length === 2 && first !== undefined && second !== undefined)
    return (doc, details) => first(doc, details) && second(doc, details);
  return (doc, details) => {
    for (const { ofDoc } of tests) if (!ofDoc(doc, details)) return false;
    return true;
  };
}

/** A test that needs a document makes one, unless another has decided before. */
function ofAllBytes(
  tests: readonly Test[],
  join: (tests: readonly BytesTest[]) => BytesTest,
): BytesTest | undefined {
  if (tests.every((each) => each.ofBytes === undefined)) return undefined;
  return join(
    tests.map(
      ({ ofBytes, ofDoc }) =>
        ofBytes ??
        ((bytes, start, doc): boolean => ofDoc(doc ?? Doc.fromBytes(bytes, start), null)),
    ),
  );
}

function allBytes(tests: readonly BytesTest[]): BytesTest {
  const [first, second] = tests;
  if (tests.length === 2 && first !== undefined && second !== undefined)
    return (bytes, start, doc) => first(bytes, start, doc) && second(bytes, start, doc);
  return (bytes, start, doc) => {
    for (const test of tests) if (!test(bytes, start, doc)) return false;
    return true;
  };
}

function anyBytes(tests: readonly BytesTest[]): BytesTest {
  return (bytes, start, doc) => {
    for (const test of tests) if (test(bytes, start, doc)) return true;
    return false;
  };
}
