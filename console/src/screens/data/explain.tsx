/** How a query is answered, as a picture: from what is read, at the bottom, to what is returned. */
import { Badge, Code, Collapse, Button, Group, Modal, Paper, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconArrowUp } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { act, keyOf, type Place, type Query } from "../../api/data.ts";
import { printEjson, printForPeople } from "../../ejson/print.ts";
import { type EjsonObject, toEjson } from "../../ejson/value.ts";
import { Failed, Waiting } from "../../parts/states.tsx";
import { type Plan, type PlanStage, readPlan } from "./plan.ts";

export function ExplainWindow({
  place,
  query,
  onClose,
}: {
  readonly place: Place;
  readonly query: Query;
  readonly onClose: () => void;
}): ReactNode {
  const asked = toEjson({ ...query }) as EjsonObject;
  const explained = useQuery({
    queryKey: [...keyOf(place), "explain", printEjson(asked)],
    queryFn: async ({ signal }) => act(place, "explain", asked, signal),
    structuralSharing: false,
    staleTime: 0,
    gcTime: 0,
  });
  const [showsAll, { toggle }] = useDisclosure();
  return (
    <Modal opened onClose={onClose} title="How this query is answered" size="lg">
      {explained.isPending && <Waiting />}
      {explained.isError && <Failed cause={explained.error} />}
      {explained.isSuccess && (
        <Stack>
          <Picture plan={readPlan(explained.data)} />
          <Group>
            <Button size="xs" variant="default" aria-expanded={showsAll} onClick={toggle}>
              All of the answer
            </Button>
          </Group>
          <Collapse expanded={showsAll}>
            <Code block tabIndex={0} mah={400} style={{ overflow: "auto" }}>
              {printForPeople(explained.data)}
            </Code>
          </Collapse>
        </Stack>
      )}
    </Modal>
  );
}

function Picture({ plan }: { readonly plan: Plan }): ReactNode {
  const { returned, keys, documents, ms, stage } = plan;
  return (
    <Stack gap="sm">
      <Group gap="lg">
        <Figure label="returned" value={returned} />
        <Figure label="keys read" value={keys} />
        <Figure label="documents read" value={documents} />
        <Figure label="ms" value={ms} />
      </Group>
      <Text size="sm">{adviceOf(plan)}</Text>
      {stage !== undefined && <StageBox stage={stage} />}
    </Stack>
  );
}

const fewDocuments = 1000;
const wasteful = 10;

function adviceOf({ returned, documents, stage }: Plan): string {
  const names = namesOf(stage);
  if (names.includes("COLLSCAN") && documents > fewDocuments && documents > returned * wasteful)
    return "Every document is read for a few that match: an index on the fields of the filter would help.";
  if (names.includes("SORT") && documents > fewDocuments)
    return "The documents are sorted after they are read: an index in the order of the sort would help.";
  if (documents > fewDocuments && documents > returned * wasteful)
    return "The index leads to many documents that do not match: one with more of the filter's fields would help.";
  if (names.includes("COLLSCAN"))
    return documents > returned
      ? "Every document is read, which costs little while they are few."
      : "Every document of the collection is wanted, so every one is read.";
  return "Nothing stands out: what is read is what is wanted.";
}

function namesOf(stage: PlanStage | undefined): readonly string[] {
  return stage === undefined ? [] : [stage.name, ...stage.inputs.flatMap(namesOf)];
}

function Figure({ label, value }: { readonly label: string; readonly value: number }): ReactNode {
  return (
    <div>
      <Text size="xl" fw={700} lh={1.1}>
        {value.toLocaleString()}
      </Text>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
    </div>
  );
}

const toneColors = { good: "green", bad: "red", plain: "gray" } as const;

function StageBox({ stage }: { readonly stage: PlanStage }): ReactNode {
  const { name, words, tone, facts, returned, inputs } = stage;
  return (
    <Stack gap={4} align="center">
      <Paper withBorder p="sm" w="100%" component="article" aria-label={`Stage ${name}`}>
        <Group justify="space-between" gap="xs">
          <Group gap="xs">
            <Badge color={toneColors[tone]} variant="light" tt="none">
              {name}
            </Badge>
            <Text size="sm">{words}</Text>
          </Group>
          {returned !== undefined && (
            <Text size="xs" c="dimmed">
              hands on {returned.toLocaleString()}
            </Text>
          )}
        </Group>
        {facts.map(([label, value]) => (
          <Group key={label} gap={8} wrap="nowrap" align="baseline" mt={4}>
            <Text size="xs" c="dimmed" w={104} style={{ flexShrink: 0 }}>
              {label}
            </Text>
            <Text size="xs" className="mono break">
              {value}
            </Text>
          </Group>
        ))}
      </Paper>
      {inputs.length > 0 && (
        <>
          <IconArrowUp size={18} aria-hidden />
          <Group w="100%" align="flex-start" grow preventGrowOverflow={false} gap="xs">
            {inputs.map((each, at) => (
              <StageBox key={`${at} ${each.name}`} stage={each} />
            ))}
          </Group>
        </>
      )}
    </Stack>
  );
}
