import { Select } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { type RuleLists, templatesQuery } from "../../api/rules.ts";
import { useCurrentApp } from "../../shell/current-app.ts";

/** Adds a role. */
export function Templates({
  value,
  onChange,
}: {
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}): ReactNode {
  const { path } = useCurrentApp();
  const { data: templates } = useSuspenseQuery(templatesQuery(path));
  return (
    <Select
      label="Add a role from a template"
      placeholder="Choose one"
      maw={420}
      value={null}
      data={templates.map(({ name, description }) => ({ value: name, label: description }))}
      onChange={(chosen) => {
        const found = templates.find(({ name }) => name === chosen);
        if (found === undefined) return;
        const rules = value as Partial<RuleLists>;
        onChange({ ...rules, roles: [...(rules.roles ?? []), found.role] });
      }}
    />
  );
}
