/** `context.http`: requests that the server sends, after it has looked where they go. */
import { ejsonGlobal } from "./ejson.ts";
import type { Ask } from "./ask.ts";
import { lazyObject } from "./lazy-object.ts";

const methods = ["get", "post", "put", "patch", "delete", "head"] as const;

export function createHttpClient(ask: Ask): object {
  return lazyObject((target) => {
    for (const method of methods)
      target[method] = async (options: unknown) => {
        if (typeof options !== "object" || options === null)
          throw new TypeError("http request: argument must be an object");
        return ask({ operation: "http", method, options: shaped(options) });
      };
  });
}

/** A body of another kind than text and bytes is made text here, where its numbers are still what they were. */
function shaped(options: object): object {
  const { body, encodeBodyAsJSON } = options as {
    readonly body?: unknown;
    readonly encodeBodyAsJSON?: unknown;
  };
  if (encodeBodyAsJSON !== true || body === undefined) return options;
  const { stringify } = ejsonGlobal as { readonly stringify: (value: unknown) => string };
  return { ...options, body: stringify(body) };
}
