/** A pipeline, stage by stage, with what comes out behind each. */
import { Button, Group, Stack, Switch, Text } from "@mantine/core";
import { type ReactNode, useEffect, useState } from "react";
import type { Place } from "../../api/data.ts";
import { printForPeople } from "../../ejson/print.ts";
import { PipelineCode } from "./pipeline-code.tsx";
import { PipelineText } from "./pipeline-text.tsx";
import { StageCard } from "./stage-card.tsx";
import { firstTexts, readPipeline, type StageDraft } from "./stages.ts";
import { useFields } from "./use-fields.ts";

export function Aggregation({ place }: { readonly place: Place }): ReactNode {
  const [stages, setStages] = useStages(place);
  const [isLive, setIsLive] = useState(true);
  const fields = useFields(place);
  const nextId = Math.max(0, ...stages.map(({ id }) => id)) + 1;
  const pipeline = readPipeline(stages);
  const move = (at: number, to: number): void => {
    const moved = stages[at];
    if (moved !== undefined) setStages(stages.toSpliced(at, 1).toSpliced(to, 0, moved));
  };
  return (
    <Stack>
      <Group justify="space-between">
        <Text size="sm" c="dimmed">
          Each stage shows the first documents that come out of it.
        </Text>
        <Switch
          label="Preview while typing"
          checked={isLive}
          onChange={(event) => {
            setIsLive(event.currentTarget.checked);
          }}
        />
      </Group>
      {stages.map((stage, at) => (
        <StageCard
          key={stage.id}
          place={place}
          stage={stage}
          number={at + 1}
          isLast={at === stages.length - 1}
          pipeline={stages.slice(0, at + 1)}
          isLive={isLive}
          fields={fields}
          onChange={(changes) => {
            setStages(stages.with(at, { ...stage, ...changes }));
          }}
          onRemove={() => {
            setStages(stages.toSpliced(at, 1));
          }}
          onMove={(by) => {
            move(at, at + by);
          }}
        />
      ))}
      <Group>
        <Button
          variant="light"
          onClick={() => {
            const name = stages.length === 0 ? "$match" : "$group";
            setStages([...stages, { id: nextId, name, text: firstTexts.get(name) ?? "{}" }]);
          }}
        >
          Add a stage
        </Button>
        <PipelineText
          text={pipeline === undefined ? "[]" : printForPeople(pipeline)}
          onStages={setStages}
          firstId={nextId}
        />
      </Group>
      {pipeline !== undefined && pipeline.length > 0 && (
        <PipelineCode place={place} pipeline={pipeline} />
      )}
    </Stack>
  );
}

/** Kept in this browser: a pipeline is work that a reload must not lose. */
function useStages(place: Place): [readonly StageDraft[], (stages: readonly StageDraft[]) => void] {
  const key = `petiole.pipeline.${place.source} ${place.database}.${place.collection}`;
  const [stages, setStages] = useState(() => readKept(key));
  useEffect(() => {
    try {
      localStorage.setItem(key, JSON.stringify(stages));
    } catch {
      // The browser keeps no more.
    }
  }, [key, stages]);
  return [stages, setStages];
}

const first: readonly StageDraft[] = [{ id: 1, name: "$match", text: "{}" }];

function readKept(key: string): readonly StageDraft[] {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? "null") as readonly StageDraft[] | null;
    return Array.isArray(kept) && kept.length > 0 ? kept : first;
  } catch {
    return first;
  }
}
