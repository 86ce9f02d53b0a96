import { Badge, Button, Group, NavLink, Paper, Stack, TextInput } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { rulesQuery, schemasQuery, type Service } from "../../api/rules.ts";
import { useCurrentApp } from "../../shell/current-app.ts";

export interface RulePlace {
  readonly db: string;
  readonly coll: string;
}

/** Collections with rules or a schema, the default rules, and a way to begin others. */
export function Places({
  service,
  chosen,
  onChoice,
}: {
  readonly service: Service;
  /** Undefined: the default rules. */
  readonly chosen: RulePlace | undefined;
  readonly onChoice: (place: RulePlace | undefined) => void;
}): ReactNode {
  const { path } = useCurrentApp();
  const { data: rules } = useSuspenseQuery(rulesQuery(path, service._id));
  const { data: schemas } = useSuspenseQuery(schemasQuery(path));
  const [text, setText] = useState("");
  const ruled = new Set(rules.map((each) => `${each.database}.${each.collection}`));
  const shaped = new Set(
    schemas
      .filter(({ metadata }) => metadata.data_source === service.name)
      .map(({ metadata }) => `${metadata.database}.${metadata.collection}`),
  );
  const names = new Set([...ruled, ...shaped, ...(chosen ? [`${chosen.db}.${chosen.coll}`] : [])]);
  function begin(event: FormEvent): void {
    event.preventDefault();
    onChoice(toPlace(text));
    setText("");
  }
  return (
    <Paper withBorder p="xs" component="nav" aria-label="Collections with rules">
      <NavLink
        component="button"
        type="button"
        label="Default rules"
        active={chosen === undefined}
        onClick={() => {
          onChoice(undefined);
        }}
      />
      {[...names].toSorted().map((name) => (
        <NavLink
          key={name}
          component="button"
          type="button"
          label={name}
          className="break"
          active={chosen !== undefined && name === `${chosen.db}.${chosen.coll}`}
          rightSection={
            <Group gap={4}>
              {ruled.has(name) && <Badge variant="light">rules</Badge>}
              {shaped.has(name) && <Badge variant="light">schema</Badge>}
            </Group>
          }
          onClick={() => {
            onChoice(toPlace(name));
          }}
        />
      ))}
      <form onSubmit={begin}>
        <Stack gap="xs" mt="xs">
          <TextInput
            label="Another collection"
            placeholder="database.collection"
            size="xs"
            value={text}
            onChange={(event) => {
              setText(event.currentTarget.value);
            }}
          />
          <Button type="submit" size="xs" variant="light" disabled={toPlace(text) === undefined}>
            Open
          </Button>
        </Stack>
      </form>
    </Paper>
  );
}

/** Names of databases have no dot. */
function toPlace(name: string): RulePlace | undefined {
  const at = name.indexOf(".");
  const [db, coll] = [name.slice(0, at).trim(), name.slice(at + 1).trim()];
  return at > 0 && db !== "" && coll !== "" ? { db, coll } : undefined;
}
