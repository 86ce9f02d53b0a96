import { Button, Collapse, Group, Menu, Stack, Textarea } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { type FormEvent, type KeyboardEvent, type ReactNode, useState } from "react";
import type { Place } from "../../api/data.ts";
import { historyOf, queryParts, type QueryText, remember } from "./query-text.ts";

const examples: Readonly<Record<keyof QueryText, string>> = {
  filter: '{ "status": "open" }',
  projection: '{ "name": 1 }',
  sort: '{ "createdAt": -1 }',
};

export function QueryBar({
  place,
  text,
  onRun,
}: {
  readonly place: Place;
  readonly text: QueryText;
  readonly onRun: (text: QueryText) => void;
}): ReactNode {
  const name = `${place.source} ${place.database}.${place.collection}`;
  const [draft, setDraft] = useState<QueryText>({
    ...(text.filter !== undefined && { filter: text.filter }),
    ...(text.projection !== undefined && { projection: text.projection }),
    ...(text.sort !== undefined && { sort: text.sort }),
  });
  const [isWide, { toggle }] = useDisclosure(
    text.sort !== undefined || text.projection !== undefined,
  );
  const past = historyOf(name);
  function run(asked: QueryText): void {
    const given = Object.fromEntries(
      Object.entries(asked).filter(([, value]) => typeof value === "string" && value.trim() !== ""),
    ) as QueryText;
    setDraft(given);
    if (Object.keys(given).length > 0) remember(name, given);
    onRun(given);
  }
  function field(part: keyof QueryText, label: string): ReactNode {
    return (
      <Textarea
        label={label}
        placeholder={examples[part]}
        autosize
        maxRows={8}
        value={draft[part] ?? ""}
        onChange={(event) => {
          setDraft({ ...draft, [part]: event.currentTarget.value });
        }}
        onKeyDown={(event: KeyboardEvent) => {
          if (event.key !== "Enter" || event.shiftKey) return;
          event.preventDefault();
          run(draft);
        }}
        styles={{ input: { fontFamily: "var(--petiole-mono)" } }}
        flex={1}
        miw={200}
      />
    );
  }
  return (
    <form
      role="search"
      aria-label="Query"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        run(draft);
      }}
    >
      <Stack gap="xs">
        <Group align="flex-end" gap="xs">
          {field("filter", "Filter")}
          <Button type="submit">Find</Button>
          <Button variant="default" onClick={toggle} aria-expanded={isWide}>
            Options
          </Button>
          <Menu position="bottom-end" disabled={past.length === 0}>
            <Menu.Target>
              <Button variant="default" disabled={past.length === 0}>
                History
              </Button>
            </Menu.Target>
            <Menu.Dropdown maw={480}>
              {past.map((each) => (
                <Menu.Item
                  key={JSON.stringify(each)}
                  className="mono break"
                  onClick={() => {
                    run(each);
                  }}
                >
                  {queryParts
                    .flatMap((part) => (each[part] === undefined ? [] : [`${part} ${each[part]}`]))
                    .join("; ")
                    .slice(0, 200)}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        </Group>
        <Collapse expanded={isWide}>
          <Group align="flex-end" gap="xs">
            {field("projection", "Projection")}
            {field("sort", "Sort")}
          </Group>
        </Collapse>
      </Stack>
    </form>
  );
}
