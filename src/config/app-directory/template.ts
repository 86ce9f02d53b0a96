/**
 * `%(%%environment.values.NAME)` and `%(%%environment.tag)` in fields that hold texts.
 *
 * Not replaced in expressions, rules, schemas, sources and environments: there the expansion is evaluated per request.
 */
import type { EnvironmentName } from "../app-config.ts";
import type { JsonNode, JsonPath } from "./json-node.ts";
import { show } from "./report.ts";

export interface TemplateValues {
  readonly tag: EnvironmentName;
  /** The file of the environment, for messages. */
  readonly file: string;
  readonly values: ReadonlyMap<string, JsonNode>;
}

/** What could not be replaced. */
export type TemplateFailure = (path: JsonPath, expected: string, found: string) => void;

// Without optional white space around: what matches in several ways would be tried in all of them.
const template = /%\(([^()]{0,200})\)/g;
const valuePrefix = "%%environment.values.";

/**
 * Replaces the templates in a tree; gives the tree itself where there are none.
 *
 * @param verbatim fields, at any depth, whose content is left alone
 */
export function expandTemplates(
  node: JsonNode,
  values: TemplateValues,
  verbatim: ReadonlySet<string>,
  fail: TemplateFailure,
): JsonNode {
  return expand(node, []);

  function expand(inner: JsonNode, path: JsonPath): JsonNode {
    switch (inner.kind) {
      case "text":
        return inner.value.includes("%(") ? expandText(inner, path) : inner;
      case "list": {
        const items = inner.items.map((item, index) => expand(item, [...path, index]));
        return items.some((item, index) => item !== inner.items[index])
          ? { ...inner, items }
          : inner;
      }
      case "object": {
        let isChanged = false;
        const fields = new Map<string, JsonNode>();
        for (const [name, value] of inner.fields) {
          const replaced = verbatim.has(name) ? value : expand(value, [...path, name]);
          isChanged ||= replaced !== value;
          fields.set(name, replaced);
        }
        return isChanged ? { ...inner, fields } : inner;
      }
      default:
        return inner;
    }
  }

  function expandText(inner: JsonNode & { readonly kind: "text" }, path: JsonPath): JsonNode {
    const value = inner.value.replace(template, (whole, name: string) => {
      const replacement = lookUp(name.trim(), path, whole);
      return replacement ?? whole;
    });
    return value === inner.value ? inner : { ...inner, value };
  }

  function lookUp(name: string, path: JsonPath, whole: string): string | undefined {
    if (name === "%%environment.tag") return values.tag;
    if (!name.startsWith(valuePrefix)) {
      fail(path, "%(%%environment.values.NAME) or %(%%environment.tag)", JSON.stringify(whole));
      return undefined;
    }
    const value = values.values.get(name.slice(valuePrefix.length));
    if (value?.kind === "text") return value.value;
    fail(
      path,
      `a text "${name.slice(valuePrefix.length)}" in ${values.file} for ${whole}`,
      show(value),
    );
    return undefined;
  }
}
