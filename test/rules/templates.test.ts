/** Roles to begin with, in an app directory. */
import { expect, test } from "vitest";
import { Doc } from "../../src/bson/doc.ts";
import { templates } from "../../src/rules/templates.ts";
import { explainRow } from "./explain-row.ts";

test.for(templates.map((each) => [each.name, each] as const))(
  "templates: %s is a role that a directory may hold",
  async ([name, template]) => {
    const role = Object.fromEntries(
      Object.entries(JSON.parse(JSON.stringify(toPlain(template.role("who"))))),
    );
    const told = await explainRow({
      roles: [role],
      operation: "insert",
      document: { _id: 1, who: "ann" },
      tells: {},
    });
    expect(told.roles.map((each) => each.name)).toEqual([name]);
    expect(told.isAllowed).toBe(!["readAll", "readAndWriteByEmail", "admin"].includes(name));
  },
);

function toPlain(value: unknown): unknown {
  if (!(value instanceof Doc)) return value;
  return Object.fromEntries([...value.entries()].map(([key, each]) => [key, toPlain(each)]));
}
