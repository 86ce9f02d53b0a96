import {
  ActionIcon,
  Autocomplete,
  Button,
  Group,
  Paper,
  Select,
  Stack,
  Switch,
  Text,
  TextInput,
  Title,
} from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { type FormEvent, type ReactNode, useState } from "react";
import { createIndex, type Place } from "../../api/data.ts";
import { CodeEditor } from "../../parts/code-editor.tsx";
import { useAct } from "../../parts/use-act.ts";
import { type IndexDraft, readIndexDraft } from "./index-draft.ts";
import { useFields } from "./use-fields.ts";
import { collationWords, filterWords, valueWords } from "./words.ts";

const kinds = [
  { value: "1", label: "ascending" },
  { value: "-1", label: "descending" },
  { value: "text", label: "text search" },
  { value: "2dsphere", label: "2dsphere" },
  { value: "2d", label: "2d" },
  { value: "hashed", label: "hashed" },
];

const empty: IndexDraft = {
  fields: [{ id: 1, path: "", kind: "1" }],
  unique: false,
  sparse: false,
  name: "",
  seconds: "",
  partial: "",
  collation: "",
  more: "",
};

export function NewIndex({ place }: { readonly place: Place }): ReactNode {
  const act = useAct([place.source]);
  const words = useFields(place);
  const [draft, setDraft] = useState(empty);
  const [problem, setProblem] = useState<string>();
  const set = (changes: Partial<IndexDraft>): void => {
    setDraft({ ...draft, ...changes });
  };
  function create(): void {
    const read = readIndexDraft(draft);
    setProblem(read.problem);
    if (read.problem !== undefined) return;
    act.mutate({
      run: async () => createIndex(place, read.keys, read.options),
      done: "The index is made",
      after: () => {
        setDraft(empty);
      },
    });
  }
  return (
    <Paper withBorder p="md" component="section" aria-label="New index">
      <form
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          create();
        }}
      >
        <Stack gap="sm">
          <Title order={3} size="h5">
            New index
          </Title>
          <KeyFields
            draft={draft}
            words={words}
            onChange={(fields) => {
              set({ fields });
            }}
          />
          <Group gap="lg">
            <Switch
              label="Unique"
              checked={draft.unique}
              onChange={(event) => {
                set({ unique: event.currentTarget.checked });
              }}
            />
            <Switch
              label="Sparse"
              checked={draft.sparse}
              onChange={(event) => {
                set({ sparse: event.currentTarget.checked });
              }}
            />
          </Group>
          <Group align="flex-start" grow preventGrowOverflow={false}>
            <TextInput
              label="Name"
              placeholder="made of the keys"
              miw={180}
              value={draft.name}
              onChange={(event) => {
                set({ name: event.currentTarget.value });
              }}
            />
            <TextInput
              label="Documents expire after"
              placeholder="seconds, of a date field"
              inputMode="numeric"
              miw={180}
              value={draft.seconds}
              onChange={(event) => {
                set({ seconds: event.currentTarget.value });
              }}
            />
          </Group>
          <CodeEditor
            label="Only documents that match (partial index)"
            language="ejson"
            value={draft.partial}
            onChange={(partial) => {
              set({ partial });
            }}
            words={[...words, ...filterWords, ...valueWords]}
            placeholder='{ status: "open" }'
            minLines={1}
            onEnter={create}
          />
          <Group align="flex-start" grow preventGrowOverflow={false}>
            <CodeEditor
              label="Collation"
              language="ejson"
              value={draft.collation}
              onChange={(collation) => {
                set({ collation });
              }}
              words={collationWords}
              placeholder='{ locale: "en", strength: 2 }'
              minLines={1}
              onEnter={create}
            />
            <CodeEditor
              label="More options"
              language="ejson"
              value={draft.more}
              onChange={(more) => {
                set({ more });
              }}
              words={["weights", "default_language", "language_override", "hidden", "bits"]}
              placeholder='{ weights: { title: 5 }, default_language: "none" }'
              minLines={1}
              onEnter={create}
            />
          </Group>
          {problem !== undefined && (
            <Text size="sm" c="red" role="alert">
              {problem}
            </Text>
          )}
          <Group>
            <Button type="submit" loading={act.isPending}>
              Create
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}

function KeyFields({
  draft: { fields },
  words,
  onChange,
}: {
  readonly draft: IndexDraft;
  readonly words: readonly string[];
  readonly onChange: (fields: IndexDraft["fields"]) => void;
}): ReactNode {
  return (
    <Stack gap="xs">
      {fields.map((field, at) => (
        <Group key={field.id} gap="xs" align="flex-end" wrap="nowrap">
          <Autocomplete
            label={`Field ${at + 1}`}
            placeholder="name or path"
            data={[...words]}
            limit={12}
            value={field.path}
            onChange={(path) => {
              onChange(fields.with(at, { ...field, path }));
            }}
            flex={1}
            miw={0}
          />
          <Select
            aria-label={`Kind of field ${at + 1}`}
            data={kinds}
            value={field.kind}
            allowDeselect={false}
            onChange={(kind) => {
              if (kind !== null) onChange(fields.with(at, { ...field, kind }));
            }}
            w={{ base: 116, xs: 140 }}
          />
          <ActionIcon
            variant="subtle"
            color="red"
            size="lg"
            disabled={fields.length === 1}
            aria-label={`Remove field ${at + 1}`}
            onClick={() => {
              onChange(fields.filter(({ id }) => id !== field.id));
            }}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </Group>
      ))}
      <Group>
        <Button
          size="compact-sm"
          variant="light"
          onClick={() => {
            const id = Math.max(...fields.map((each) => each.id)) + 1;
            onChange([...fields, { id, path: "", kind: "1" }]);
          }}
        >
          Add a field
        </Button>
      </Group>
    </Stack>
  );
}
