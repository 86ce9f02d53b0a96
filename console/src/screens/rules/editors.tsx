import { Stack, Text } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { call } from "../../api/client.ts";
import { defaultRuleQuery, type RuleLists, rulesQuery, type Service } from "../../api/rules.ts";
import { useCurrentApp } from "../../shell/current-app.ts";
import { JsonForm } from "./json-form.tsx";
import type { RulePlace } from "./places.tsx";
import { RulesFields } from "./rules-fields.tsx";
import { Templates } from "./templates.tsx";

const none: RuleLists = { roles: [], filters: [] };

export function DefaultRulesEditor({ service }: { readonly service: Service }): ReactNode {
  const { path } = useCurrentApp();
  const { data: rules } = useSuspenseQuery(defaultRuleQuery(path, service._id));
  const url = `${path}/services/${service._id}/default_rule`;
  return (
    <RulesForm
      name="Default rules"
      rules={rules ?? undefined}
      save={async (body, isNew) => call({ method: isNew ? "POST" : "PUT", path: url, body })}
      remove={async () => call({ method: "DELETE", path: url })}
    />
  );
}

export function CollectionRulesEditor({
  service,
  place: { db, coll },
}: {
  readonly service: Service;
  readonly place: RulePlace;
}): ReactNode {
  const { path } = useCurrentApp();
  const { data: all } = useSuspenseQuery(rulesQuery(path, service._id));
  const made = all.find((each) => each.database === db && each.collection === coll);
  const base = `${path}/services/${service._id}/rules`;
  const one = `${base}/${made?._id ?? ""}`;
  return (
    <RulesForm
      name={`Rules of ${db}.${coll}`}
      rules={made}
      save={async (lists, isNew) => {
        const body = { ...lists, database: db, collection: coll };
        return isNew
          ? call({ method: "POST", path: base, body })
          : call({ method: "PUT", path: one, body });
      }}
      remove={async () => call({ method: "DELETE", path: one })}
    />
  );
}

function RulesForm({
  name,
  rules,
  save,
  remove,
}: {
  readonly name: string;
  /** Undefined where there are none yet. */
  readonly rules: RuleLists | undefined;
  readonly save: (lists: RuleLists, isNew: boolean) => Promise<unknown>;
  readonly remove: () => Promise<unknown>;
}): ReactNode {
  const { roles, filters } = rules ?? none;
  return (
    <JsonForm
      name={name}
      value={{ roles, filters }}
      isNew={rules === undefined}
      onSave={async (value, isNew) => save(value as RuleLists, isNew)}
      onRemove={remove}
      form={(value, onChange) => <RulesFields value={value} onChange={onChange} />}
      tools={(value, onChange) => (
        <Stack gap={4}>
          <Text size="sm" c="dimmed">
            The first role whose apply_when holds is the user&apos;s. Filters are added to each
            query.
          </Text>
          <Templates value={value} onChange={onChange} />
        </Stack>
      )}
    />
  );
}
