import { Box, Button, Group, Menu, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, type ReactNode, useMemo, useState } from "react";
import type { Place, Query } from "../../api/data.ts";
import { CodeEditor } from "../../parts/code-editor.tsx";
import {
  historyOf,
  type QueryPart,
  queryParts,
  type QueryText,
  readQuery,
  remember,
} from "./query-text.ts";
import { collationWords, filterWords, projectionWords, valueWords } from "./words.ts";

const examples: Readonly<Record<QueryPart, string>> = {
  filter: '{ created: { $gt: ISODate("2026-01-01") } }',
  projection: "{ name: 1 }",
  sort: "{ createdAt: -1 }",
  collation: '{ locale: "en" }',
  skip: "0",
  limit: "all",
};

const labels: Readonly<Record<QueryPart, string>> = {
  filter: "Filter",
  projection: "Projection",
  sort: "Sort",
  collation: "Collation",
  skip: "Skip",
  limit: "Limit",
};

export function QueryBar({
  place,
  text,
  fields,
  onRun,
  onExplain,
}: {
  readonly place: Place;
  /** What was asked last. */
  readonly text: QueryText;
  readonly fields: readonly string[];
  readonly onRun: (text: QueryText) => void;
  readonly onExplain: (query: Query) => void;
}): ReactNode {
  const name = `${place.source} ${place.database}.${place.collection}`;
  const [draft, setDraft] = useState(text);
  const [isWide, setIsWide] = useState(Object.keys(text).some((part) => part !== "filter"));
  const [problems, setProblems] = useState<ReadonlyMap<QueryPart, string>>(new Map());
  const last = JSON.stringify(text);
  const [shown, setShown] = useState(last);
  // The browser's way back, a link and the history lead to other queries.
  if (shown !== last) {
    setShown(last);
    setDraft(text);
    setProblems(new Map());
  }
  const past = historyOf(name);
  const words = useMemo(() => wordsOf(fields), [fields]);
  function run(asked: QueryText): void {
    const given = Object.fromEntries(
      Object.entries(asked).filter(([, value]) => String(value).trim() !== ""),
    ) as QueryText;
    setDraft(given);
    const read = readQuery(given);
    setProblems(read.problems);
    if (read.problems.size > 0) {
      setIsWide(isWide || [...read.problems.keys()].some((part) => part !== "filter"));
      return;
    }
    if (Object.keys(given).length > 0) remember(name, given);
    onRun(given);
  }
  const field = (part: QueryPart): ReactNode => (
    <QueryField
      part={part}
      value={draft[part] ?? ""}
      words={words[part]}
      onChange={(value) => {
        setDraft({ ...draft, [part]: value });
      }}
      onEnter={(value) => {
        run({ ...draft, [part]: value });
      }}
    />
  );
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
          <Group flex="1 1 320px">{field("filter")}</Group>
          <Group gap="xs">
            <Button size="xs" type="submit">
              Find
            </Button>
            <Button
              size="xs"
              variant="default"
              onClick={() => {
                setIsWide(!isWide);
              }}
              aria-expanded={isWide}
            >
              Options
            </Button>
            <Button
              size="xs"
              variant="default"
              onClick={() => {
                const read = readQuery(draft);
                setProblems(read.problems);
                if (read.problems.size === 0) onExplain(read.query);
              }}
            >
              Explain
            </Button>
            <History past={past} onChoice={run} />
            {Object.keys(draft).length > 0 && (
              <Button
                size="xs"
                variant="subtle"
                onClick={() => {
                  run({});
                }}
              >
                Reset
              </Button>
            )}
          </Group>
        </Group>
        {isWide && (
          <Group align="flex-start" gap="xs">
            {field("projection")}
            {field("sort")}
            {field("collation")}
            {field("skip")}
            {field("limit")}
          </Group>
        )}
        {[...problems].map(([part, problem]) => (
          <Text key={part} size="xs" c="red" role="alert">
            {labels[part]}, {problem}
          </Text>
        ))}
      </Stack>
    </form>
  );
}

function wordsOf(fields: readonly string[]): Readonly<Record<QueryPart, readonly string[]>> {
  return {
    filter: [...fields, ...filterWords, ...valueWords],
    projection: [...fields, ...projectionWords],
    sort: fields,
    collation: collationWords,
    skip: [],
    limit: [],
  };
}

function QueryField({
  part,
  value,
  words,
  onChange,
  onEnter,
}: {
  readonly part: QueryPart;
  readonly value: string;
  readonly words: readonly string[];
  readonly onChange: (value: string) => void;
  readonly onEnter: (value: string) => void;
}): ReactNode {
  const label = labels[part];
  if (part === "skip" || part === "limit")
    return (
      <TextInput
        label={label}
        placeholder={examples[part]}
        inputMode="numeric"
        size="xs"
        flex="1 1 84px"
        maw={130}
        value={value}
        onChange={(event) => {
          onChange(event.currentTarget.value);
        }}
      />
    );
  return (
    <Box flex="3 1 180px" miw={0}>
      <CodeEditor
        label={label}
        language="ejson"
        value={value}
        onChange={onChange}
        onEnter={() => {
          onEnter(value);
        }}
        placeholder={examples[part]}
        words={words}
        minLines={1}
        maxLines={8}
      />
    </Box>
  );
}

function History({
  past,
  onChoice,
}: {
  readonly past: readonly QueryText[];
  readonly onChoice: (text: QueryText) => void;
}): ReactNode {
  if (past.length === 0) return null;
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button size="xs" variant="default">
          History
        </Button>
      </Menu.Target>
      <Menu.Dropdown maw="min(480px, 90vw)" mah={400} style={{ overflow: "auto" }}>
        {past.map((each) => (
          <Menu.Item
            key={JSON.stringify(each)}
            className="mono break"
            fz="xs"
            onClick={() => {
              onChoice(each);
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
  );
}
