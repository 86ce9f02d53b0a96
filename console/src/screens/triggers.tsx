/** Functions that run by the clock; and triggers of other kinds, which are kept. */
import { Anchor, Badge, Group, Paper, Stack, Table, Text, Tooltip } from "@mantine/core";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { nextRunsQuery, scheduleOf, type Trigger, triggersQuery } from "../api/triggers.ts";
import { ChangeButton } from "../parts/change-button.tsx";
import { ScreenFrame } from "../parts/screen.tsx";
import { Empty } from "../parts/states.tsx";
import { Time } from "../parts/time.tsx";
import { useCurrentApp } from "../shell/current-app.ts";
import { TriggerEditor } from "./triggers/editor.tsx";

export function Screen(): ReactNode {
  const app = useCurrentApp();
  const { data: triggers } = useSuspenseQuery(triggersQuery(app.path));
  const { id } = useSearch({ strict: false }) as { readonly id?: string };
  const navigate = useNavigate();
  const choose = (chosen: string | undefined): void => {
    void navigate({ to: ".", search: chosen === undefined ? {} : { id: chosen } });
  };
  const chosen = triggers.find(({ _id }) => _id === id);
  const isOpen = id === "new" || chosen !== undefined;
  const make = (
    <ChangeButton
      onClick={() => {
        choose("new");
      }}
    >
      New trigger
    </ChangeButton>
  );
  return (
    <ScreenFrame
      title="Triggers"
      purpose="A schedule runs a function by the clock, in UTC, on one node at a time."
      actions={
        <>
          {triggers.length > 0 && (
            <Anchor
              size="sm"
              renderRoot={(props: object) => (
                <Link
                  to={`/apps/${app._id}/logs`}
                  search={{ type: "SCHEDULED_TRIGGER" }}
                  {...props}
                />
              )}
            >
              Runs in the log
            </Anchor>
          )}
          {make}
        </>
      }
    >
      {isOpen && (
        <TriggerEditor
          key={chosen?._id ?? "new"}
          made={chosen}
          onClose={() => {
            choose(undefined);
          }}
        />
      )}
      {triggers.length === 0 && !isOpen && (
        <Empty title="No trigger yet">
          Write a function first; then say here when it is to run, as cron does.
        </Empty>
      )}
      {triggers.length > 0 && (
        <Paper withBorder>
          <Table.ScrollContainer minWidth={640}>
            <Table highlightOnHover>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Name</Table.Th>
                  <Table.Th>When</Table.Th>
                  <Table.Th>Function</Table.Th>
                  <Table.Th>State</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {triggers.map((each) => (
                  <TriggerRow
                    key={each._id}
                    made={each}
                    onChoice={() => {
                      choose(each._id);
                    }}
                  />
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </Paper>
      )}
    </ScreenFrame>
  );
}

const kinds: Readonly<Record<Trigger["type"], string>> = {
  SCHEDULED: "by the clock",
  DATABASE: "when documents change",
  AUTHENTICATION: "when users come or go",
};

function TriggerRow({
  made,
  onChoice,
}: {
  readonly made: Trigger;
  readonly onChoice: () => void;
}): ReactNode {
  const { name, type, function_name: functionName } = made;
  return (
    <Table.Tr>
      <Table.Td>
        <Anchor
          component="button"
          type="button"
          size="sm"
          className="mono break"
          onClick={onChoice}
        >
          {name}
        </Anchor>
      </Table.Td>
      <Table.Td>
        <Stack gap={0}>
          <Text size="sm" className="mono">
            {type === "SCHEDULED" ? scheduleOf(made) : kinds[type]}
          </Text>
          {made.runs && <NextRun schedule={scheduleOf(made)} />}
        </Stack>
      </Table.Td>
      <Table.Td className="mono break">{functionName || "–"}</Table.Td>
      <Table.Td>
        <TriggerState made={made} />
      </Table.Td>
    </Table.Tr>
  );
}

function NextRun({ schedule }: { readonly schedule: string }): ReactNode {
  const { path } = useCurrentApp();
  const { data: [next] = [] } = useQuery(nextRunsQuery(path, schedule));
  if (next === undefined) return null;
  return (
    <Group gap={4}>
      <Text size="xs" c="dimmed">
        next
      </Text>
      <Time iso={next} />
    </Group>
  );
}

function TriggerState({ made }: { readonly made: Trigger }): ReactNode {
  if (made.disabled)
    return (
      <Badge variant="light" color="gray">
        disabled
      </Badge>
    );
  if (made.runs)
    return (
      <Badge variant="light" color="green">
        enabled
      </Badge>
    );
  return (
    <Tooltip label="This server runs triggers by the clock; others are kept as they are">
      <Badge variant="light" color="orange" tabIndex={0}>
        not running
      </Badge>
    </Tooltip>
  );
}
