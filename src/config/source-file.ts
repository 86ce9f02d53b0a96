/** Where the source of a function stands in a directory of today. */
import type { FunctionConfig } from "./app-config.ts";

export function sourceFile({ name, language }: Pick<FunctionConfig, "name" | "language">): string {
  return `functions/${name}.${language === "typescript" ? "ts" : "js"}`;
}
