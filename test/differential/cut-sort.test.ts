import { expect, test } from "vitest";
import { createBatch } from "./batch.ts";
import { createCoverage } from "./coverage.ts";
import { Doc } from "../../src/bson/doc.ts";
import { Double, type Value } from "../../src/bson/value.ts";
import { createPacer } from "../../src/kit/pacer.ts";
import { compileSort, createKeeper } from "../../src/query/sort.ts";

async function firstOf(
  docs: readonly Doc[],
  spec: Doc,
  { limit, skips }: { readonly limit: number; readonly skips: boolean },
): Promise<{ readonly found: readonly (Value | undefined)[]; readonly passedOver: number }> {
  const sort = compileSort(spec);
  const keeper = createKeeper(sort, skips ? limit : undefined);
  const pacer = createPacer();
  let passedOver = 0;
  for (const [index, doc] of docs.entries()) {
    if (skips && keeper.isNeedless?.(doc.toBytes(), 0) === true) passedOver += 1;
    else if (!skips || !keeper.addPlain(doc)) keeper.add(doc, sort.keyOf(doc));
    // oxlint-disable-next-line no-await-in-loop
    if (skips && index % 64 === 0) await keeper.tidy?.(pacer);
  }
  const found = await keeper.finish(pacer);
  return { found: found.slice(0, limit).map((each) => each.get("_id")), passedOver };
}

test.for([21, 22])("cut: what is passed over is not among the first, seed %i", async (seed) => {
  let passedOver = 0;
  for (let number = 0; number < 2; number += 1) {
    const { documents: few } = createBatch(seed, "sort", number, createCoverage());
    // Many, most of which sort with others.
    const documents = Array.from({ length: 1000 }, (_, index) =>
      Doc.fromBytes((few[index % few.length] as Doc).with("_id", index).toBytes()),
    );
    const keys = few.flatMap((each) => each.keys());
    const names = new Set(keys.filter((each) => /^[_a-z]+$/.test(each)));
    for (const name of names)
      for (const direction of [1, -1])
        for (const limit of [1, 300]) {
          const spec = Doc.fromEntries([[name, direction]]);
          // oxlint-disable-next-line no-await-in-loop
          const [cut, whole] = await Promise.all([
            firstOf(documents, spec, { limit, skips: true }),
            firstOf(documents, spec, { limit, skips: false }),
          ]);
          expect(cut.found).toEqual(whole.found);
          passedOver += cut.passedOver;
        }
  }
  expect(passedOver).toBeGreaterThan(100);
});

test("cut: documents that come the greatest last are all taken, and looked at seldom", async () => {
  const docs = Array.from({ length: 5000 }, (_, index) =>
    Doc.fromBytes(Doc.of({ _id: index, n: new Double(index / 2) }).toBytes()),
  );
  const { found, passedOver } = await firstOf(docs, Doc.of({ n: -1 }), { limit: 3, skips: true });
  expect(found).toEqual([4999, 4998, 4997]);
  expect(passedOver).toBe(0);
});
