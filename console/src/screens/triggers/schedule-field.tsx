/** A CRON expression, and what it means: when it fires next. */
import { List, Select, SimpleGrid, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { messageOf } from "../../api/failure.ts";
import { nextRunsQuery } from "../../api/triggers.ts";
import { TextField } from "../../parts/fields.tsx";
import { Time } from "../../parts/time.tsx";
import { useCurrentApp } from "../../shell/current-app.ts";

const usual = [
  { value: "*/5 * * * *", label: "Every five minutes" },
  { value: "0 * * * *", label: "Every hour" },
  { value: "0 0 * * *", label: "Every day, at midnight UTC" },
  { value: "0 6 * * MON", label: "Every Monday, at 6 UTC" },
  { value: "0 0 1 * *", label: "On the first of every month" },
];

export function ScheduleField({
  value,
  onChange,
}: {
  readonly value: string;
  readonly onChange: (schedule: string) => void;
}): ReactNode {
  const { path } = useCurrentApp();
  const [asked] = useDebouncedValue(value, 250);
  const next = useQuery(nextRunsQuery(path, asked));
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      <div>
        <TextField
          label="Schedule"
          description="Minute, hour, day of the month, month, weekday; in UTC"
          placeholder="0 0 * * *"
          styles={{ input: { fontFamily: "var(--petiole-mono)" } }}
          value={value}
          onChange={onChange}
          error={next.isError && messageOf(next.error)}
          required
        />
        <Select
          label="Or one of these"
          mt="xs"
          data={usual}
          value={usual.some((each) => each.value === value) ? value : null}
          placeholder="Another one"
          onChange={(chosen) => {
            if (chosen !== null) onChange(chosen);
          }}
        />
      </div>
      <div>
        <Text size="sm" fw={600} id="next-runs">
          Fires next
        </Text>
        {next.data?.length === 0 && (
          <Text size="sm" c="dimmed">
            Never: there is no such day.
          </Text>
        )}
        <List size="sm" aria-labelledby="next-runs">
          {next.data?.map((iso) => (
            <List.Item key={iso}>
              <Time iso={iso} isLong />
            </List.Item>
          ))}
        </List>
      </div>
    </SimpleGrid>
  );
}
