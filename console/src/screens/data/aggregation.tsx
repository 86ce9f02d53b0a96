/** A pipeline, stage by stage, with what comes out behind each. */
import { ActionIcon, Button, Code, Group, Paper, Select, Stack, Text } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { act, type EjsonDocument, type Place } from "../../api/data.ts";
import { CodeEditor } from "../../parts/code-editor.tsx";
import { CopyButton } from "../../parts/copy-button.tsx";
import { Failed } from "../../parts/states.tsx";

const stageNames = [
  "$match",
  "$project",
  "$addFields",
  "$group",
  "$sort",
  "$limit",
  "$skip",
  "$unwind",
  "$lookup",
  "$count",
  "$facet",
  "$bucket",
  "$bucketAuto",
  "$sortByCount",
  "$replaceRoot",
  "$sample",
  "$unionWith",
  "$graphLookup",
  "$setWindowFields",
  "$densify",
  "$fill",
  "$geoNear",
] as const;

const firstTexts: ReadonlyMap<string, string> = new Map([
  ["$limit", "10"],
  ["$skip", "0"],
  ["$count", '"count"'],
  ["$sortByCount", '"$field"'],
  ["$unwind", '"$field"'],
  ["$group", '{ "_id": "$field", "count": { "$sum": 1 } }'],
]);

interface StageDraft {
  readonly id: number;
  readonly name: string;
  readonly text: string;
}

const previewed = 10;

export function Aggregation({ place }: { readonly place: Place }): ReactNode {
  const [stages, setStages] = useState<readonly StageDraft[]>([
    { id: 1, name: "$match", text: "{}" },
  ]);
  const [next, setNext] = useState(2);
  const change = (id: number, changes: Partial<StageDraft>): void => {
    setStages(stages.map((each) => (each.id === id ? { ...each, ...changes } : each)));
  };
  const pipelineText = `[\n${stages.map(({ name, text }) => `  { "${name}": ${text} }`).join(",\n")}\n]`;
  return (
    <Stack>
      {stages.map((stage, at) => (
        <StageCard
          key={stage.id}
          place={place}
          stage={stage}
          number={at + 1}
          pipeline={stages.slice(0, at + 1)}
          onChange={(changes) => {
            change(stage.id, changes);
          }}
          onRemove={() => {
            setStages(stages.filter(({ id }) => id !== stage.id));
          }}
        />
      ))}
      <Group>
        <Button
          variant="light"
          onClick={() => {
            setStages([...stages, { id: next, name: "$limit", text: "10" }]);
            setNext(next + 1);
          }}
        >
          Add a stage
        </Button>
        <Group gap={4}>
          <Text size="sm" c="dimmed">
            The pipeline
          </Text>
          <CopyButton text={pipelineText} label="Copy the pipeline" />
        </Group>
      </Group>
    </Stack>
  );
}

function StageCard({
  place,
  stage,
  number,
  pipeline,
  onChange,
  onRemove,
}: {
  readonly place: Place;
  readonly stage: StageDraft;
  readonly number: number;
  /** Up to this stage. */
  readonly pipeline: readonly StageDraft[];
  readonly onChange: (changes: Partial<StageDraft>) => void;
  readonly onRemove: () => void;
}): ReactNode {
  const preview = useMutation({
    mutationFn: async () => {
      const stages = pipeline.map(({ name, text }) => ({ [name]: JSON.parse(text) as unknown }));
      const { documents } = await act<{ readonly documents: readonly EjsonDocument[] }>(
        place,
        "aggregate",
        { pipeline: [...stages, { $limit: previewed }] },
      );
      return documents;
    },
  });
  return (
    <Paper withBorder p="sm" component="section" aria-label={`Stage ${number}`}>
      <Stack gap="xs">
        <Group justify="space-between">
          <Group gap="xs">
            <Text size="sm" c="dimmed">
              {number}
            </Text>
            <Select
              aria-label={`Stage ${number}`}
              data={[...stageNames]}
              value={stage.name}
              searchable
              allowDeselect={false}
              size="xs"
              onChange={(name) => {
                if (name !== null) onChange({ name, text: firstTexts.get(name) ?? "{ }" });
              }}
            />
          </Group>
          <Group gap="xs">
            <Button
              size="compact-sm"
              variant="light"
              loading={preview.isPending}
              onClick={() => {
                preview.mutate();
              }}
            >
              Preview
            </Button>
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
        <CodeEditor
          label={`Operand of stage ${number}`}
          language="json"
          value={stage.text}
          onChange={(text) => {
            onChange({ text });
          }}
          minLines={2}
          maxLines={16}
        />
        {preview.isError && <Failed cause={preview.error} />}
        {preview.data !== undefined && (
          <div>
            <Text size="xs" c="dimmed">
              {preview.data.length === previewed
                ? `The first ${previewed} documents behind this stage`
                : `${preview.data.length} documents behind this stage`}
            </Text>
            <Code block mah={280} style={{ overflow: "auto" }} tabIndex={0}>
              {JSON.stringify(preview.data, null, 2)}
            </Code>
          </div>
        )}
      </Stack>
    </Paper>
  );
}
