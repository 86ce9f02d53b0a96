import { Button, Group, Select, Stack, Text } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { type Deployment, deploymentDiffQuery, deploymentsQuery } from "../../api/drafts.ts";
import { PatchView } from "../../parts/patch-view.tsx";
import { Empty } from "../../parts/states.tsx";
import { useCurrentApp } from "../../shell/current-app.ts";

const when = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

/** What a deployment changed, against the one before it or any other. */
export function Comparison({
  id,
  against,
  onChange,
  onClose,
}: {
  readonly id: string;
  readonly against: string | undefined;
  readonly onChange: (against: string) => void;
  readonly onClose: () => void;
}): ReactNode {
  const { path } = useCurrentApp();
  const { data: deployments } = useSuspenseQuery(deploymentsQuery(path));
  const { data: diff } = useSuspenseQuery(deploymentDiffQuery(path, id, against));
  const made = deployments.find(({ _id }) => _id === id);
  const others = deployments.filter(({ _id }) => _id !== id);
  return (
    <Stack>
      <Group justify="space-between" align="flex-end">
        <div>
          <Text fw={600} className="break">
            {made?.message || "Deployment"}
          </Text>
          <Text size="sm" c="dimmed">
            {made !== undefined && `${nameOf(made)}, ${made.created_at}`}
          </Text>
        </div>
        <Group align="flex-end">
          <Select
            label="Compared with"
            w={320}
            placeholder="nothing: it is the first"
            data={others.map((each) => ({ value: each._id, label: nameOf(each) }))}
            value={diff.against}
            allowDeselect={false}
            onChange={(value) => {
              if (value !== null) onChange(value);
            }}
          />
          <Button variant="default" onClick={onClose}>
            Back to the list
          </Button>
        </Group>
      </Group>
      {diff.changes.length === 0 ? (
        <Empty title="No difference">Both hold the same files.</Empty>
      ) : (
        <PatchView key={`${id} ${diff.against}`} changes={diff.changes} />
      )}
    </Stack>
  );
}

function nameOf({ created_at: at, author, live }: Deployment): string {
  const by = author === "" ? "" : ` by ${author}`;
  return `${when.format(new Date(at))}${by}${live ? " (live)" : ""}`;
}
