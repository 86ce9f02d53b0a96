/** `$text` in filters. */
import type { Value } from "../../bson/value.ts";
import { badValue, MongoError } from "../../kit/mongo-error.ts";
import type { FilterNode } from "../filter-node.ts";
import { readTextOperand, TextSearch } from "../text.ts";
import type { ParseContext } from "./field.ts";

type TextNode = Extract<FilterNode, { kind: "text" }>;

/** @throws {MongoError} 2, 4, 14 for its operand; 2 and 17313 where it may not stand */
export function parseText(operand: Value, { text }: ParseContext): TextNode {
  const search = new TextSearch(readTextOperand(operand));
  switch (text) {
    case "allowed":
      return { kind: "text", search };
    case "inNor":
      search.mustHaveLanguage();
      throw badValue("text expression not allowed in nor");
    case "notFirst":
      throw new MongoError(17_313, "$match with $text is only allowed as the first pipeline stage");
    case "nowhere":
      throw badValue("$text is not allowed in this context");
  }
}

/** Finds the one `$text` of a filter. @throws {MongoError} 2 when there is more than one */
export function findText(node: FilterNode): TextNode | undefined {
  const all = listTexts(node);
  if (all.length > 1) throw badValue("Too many text expressions");
  return all[0];
}

function listTexts(node: FilterNode): readonly TextNode[] {
  if (node.kind === "text") return [node];
  return node.kind === "and" || node.kind === "or" ? node.clauses.flatMap(listTexts) : [];
}
