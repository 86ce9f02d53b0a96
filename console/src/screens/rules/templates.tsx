import { Select } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { type RuleLists, templatesQuery } from "../../api/rules.ts";
import { sayFailed } from "../../parts/notice.ts";
import { useCurrentApp } from "../../shell/current-app.ts";

/** Adds a role to the text. */
export function Templates({
  text,
  onChange,
}: {
  readonly text: string;
  readonly onChange: (text: string) => void;
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
        try {
          const rules = JSON.parse(text) as Partial<RuleLists>;
          const roles = [...(rules.roles ?? []), found.role];
          onChange(JSON.stringify({ ...rules, roles }, null, 2));
        } catch (cause) {
          sayFailed(cause);
        }
      }}
    />
  );
}
