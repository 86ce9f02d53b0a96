import {
  ActionIcon,
  Button,
  Group,
  Paper,
  Select,
  SimpleGrid,
  Stack,
  Switch,
  Text,
} from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconArrowDown, IconArrowUp, IconTrash } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { findDocuments, keyOf, type Place } from "../../api/data.ts";
import { printEjson } from "../../ejson/print.ts";
import { toLine } from "../../ejson/shown.ts";
import { toEjson } from "../../ejson/value.ts";
import { CodeEditor } from "../../parts/code-editor.tsx";
import { Failed } from "../../parts/states.tsx";
import { DocumentFields } from "./document-cards.tsx";
import {
  expressionWords,
  firstTexts,
  readPipeline,
  readStage,
  type StageDraft,
  writes,
} from "./stages.ts";
import { filterWords, valueWords } from "./words.ts";

const previewed = 10;
const typingMs = 500;

export function StageCard({
  place,
  stage,
  number,
  isLast,
  pipeline,
  isLive,
  fields,
  onChange,
  onRemove,
  onMove,
}: {
  readonly place: Place;
  readonly stage: StageDraft;
  readonly number: number;
  readonly isLast: boolean;
  /** Up to this stage. */
  readonly pipeline: readonly StageDraft[];
  readonly isLive: boolean;
  readonly fields: readonly string[];
  readonly onChange: (changes: Partial<StageDraft>) => void;
  readonly onRemove: () => void;
  readonly onMove: (by: 1 | -1) => void;
}): ReactNode {
  const isOff = stage.isOff === true;
  const { problem } = readStage(stage);
  return (
    <Paper withBorder p="sm" component="section" aria-label={`Stage ${number}`}>
      <Stack gap="xs">
        <Group justify="space-between" gap="xs">
          <Group gap="xs" wrap="nowrap">
            <Text size="sm" c="dimmed">
              {number}
            </Text>
            <Select
              aria-label={`Kind of stage ${number}`}
              data={[...new Set([...firstTexts.keys(), stage.name])]}
              value={stage.name}
              searchable
              allowDeselect={false}
              size="xs"
              w={170}
              onChange={(name) => {
                if (name !== null && name !== stage.name)
                  onChange({ name, text: firstTexts.get(name) ?? "{}" });
              }}
            />
            <Switch
              size="xs"
              aria-label={`Stage ${number} is on`}
              checked={!isOff}
              onChange={(event) => {
                onChange({ isOff: !event.currentTarget.checked });
              }}
            />
          </Group>
          <Group gap={2} wrap="nowrap">
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Move stage ${number} up`}
              disabled={number === 1}
              onClick={() => {
                onMove(-1);
              }}
            >
              <IconArrowUp size={16} />
            </ActionIcon>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Move stage ${number} down`}
              disabled={isLast}
              onClick={() => {
                onMove(1);
              }}
            >
              <IconArrowDown size={16} />
            </ActionIcon>
            <ActionIcon
              variant="subtle"
              color="red"
              aria-label={`Remove stage ${number}`}
              onClick={onRemove}
            >
              <IconTrash size={16} />
            </ActionIcon>
          </Group>
        </Group>
        <SimpleGrid cols={{ base: 1, xl: 2 }} spacing="sm" verticalSpacing="xs">
          <Stack gap={4} miw={0}>
            <CodeEditor
              label={`Operand of stage ${number}`}
              isLabelHidden
              language="ejson"
              value={stage.text}
              onChange={(text) => {
                onChange({ text });
              }}
              minLines={2}
              maxLines={16}
              words={[
                ...fields,
                ...fields.map((name) => `$${name}`),
                ...filterWords,
                ...expressionWords,
                ...valueWords,
              ]}
            />
            {problem !== undefined && (
              <Text size="xs" c="red" role="alert">
                {problem}
              </Text>
            )}
          </Stack>
          {isOff ? (
            <Text size="xs" c="dimmed">
              Left out.
            </Text>
          ) : (
            problem === undefined && <Preview place={place} pipeline={pipeline} isLive={isLive} />
          )}
        </SimpleGrid>
      </Stack>
    </Paper>
  );
}

function Preview({
  place,
  pipeline,
  isLive,
}: {
  readonly place: Place;
  readonly pipeline: readonly StageDraft[];
  readonly isLive: boolean;
}): ReactNode {
  const [isWanted, setIsWanted] = useState(false);
  const [settled] = useDebouncedValue(pipeline, typingMs);
  // What writes is left out of previews: looking must change nothing.
  const stages = readPipeline(settled.filter((each) => !writes(each)));
  const isWriting = pipeline.some((each) => writes(each) && each.isOff !== true);
  const asked = toEjson([...(stages ?? []), { $limit: previewed }]);
  const preview = useQuery({
    queryKey: [...keyOf(place), "preview", printEjson(asked)],
    queryFn: async ({ signal }) => findDocuments(place, "aggregate", { pipeline: asked }, signal),
    enabled: stages !== undefined && (isLive || isWanted),
    placeholderData: keepPreviousData,
    gcTime: 30_000,
    structuralSharing: false,
  });
  return (
    <Stack gap={4}>
      {!isLive && (
        <Group>
          <Button
            size="compact-xs"
            variant="light"
            loading={preview.isFetching}
            onClick={() => {
              if (isWanted) void preview.refetch();
              else setIsWanted(true);
            }}
          >
            Preview
          </Button>
        </Group>
      )}
      {isWriting && (
        <Text size="xs" c="dimmed">
          The preview writes nothing: it shows what would be written.
        </Text>
      )}
      {preview.isError && <Failed cause={preview.error} />}
      {preview.isSuccess && !preview.isError && (
        <>
          <Text size="xs" c="dimmed">
            {preview.data.length === previewed
              ? `The first ${previewed} documents`
              : `${preview.data.length} ${preview.data.length === 1 ? "document" : "documents"}`}
          </Text>
          <div
            className="previewed"
            role="group"
            // Who has no mouse scrolls with the keys.
            tabIndex={0}
            aria-label="Documents behind this stage"
          >
            {preview.data.map((each, at) => (
              <div key={`${at} ${toLine(each.get("_id"))}`}>
                <DocumentFields document={each} />
              </div>
            ))}
          </div>
        </>
      )}
    </Stack>
  );
}
