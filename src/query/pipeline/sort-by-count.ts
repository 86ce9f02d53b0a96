import { Doc } from "../../bson/doc.ts";
import type { Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { compileGroup } from "./group.ts";
import { createSortStage } from "./sort.ts";
import type { CompileStage } from "./stage.ts";

export const compileSortByCount: CompileStage = (spec, context, name) => {
  mustBeExpression(spec);
  const count = Doc.fromParts(["$sum"], [1]);
  const group = compileGroup(Doc.fromParts(["_id", "count"], [spec, count]), context, "$group");
  const sort = createSortStage(Doc.of({ count: -1 }), {
    name: "$sort",
    environment: context.environment,
  });
  return { name, run: (input, run) => sort.run(group.run(input, run), run) };
};

function mustBeExpression(spec: Value): void {
  if (typeof spec === "string") {
    if (spec.startsWith("$")) return;
    throw new MongoError(
      40148,
      "the sortByCount field must be defined as a $-prefixed path or an expression inside an object",
    );
  }
  if (!(spec instanceof Doc))
    throw new MongoError(
      40149,
      "the sortByCount field must be specified as a string or as an object",
    );
  if (spec.size !== 1 || !(spec.keys()[0] as string).startsWith("$"))
    throw new MongoError(
      40147,
      "the sortByCount field must be defined as a $-prefixed path or an expression inside an object",
    );
}
