/** Log forwarders: entries that go to a collection or a function besides. */
import { Anchor, Badge, Paper, Stack, Table, Text } from "@mantine/core";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { call } from "../../api/client.ts";
import { type Forwarder, forwarderEntriesQuery, forwardersQuery } from "../../api/forwarders.ts";
import type { LogEntry } from "../../api/logs.ts";
import { ChangeButton, DeleteButton } from "../../parts/change-button.tsx";
import { Editable } from "../../parts/editable.tsx";
import { Toggle } from "../../parts/fields.tsx";
import { Section } from "../../parts/section.tsx";
import { Empty } from "../../parts/states.tsx";
import { Time } from "../../parts/time.tsx";
import { useEdit } from "../../parts/use-edit.ts";
import { useCurrentApp } from "../../shell/current-app.ts";
import { ForwarderForm, toChange } from "./forwarder-form.tsx";

export function Forwarders(): ReactNode {
  const { path } = useCurrentApp();
  const { data: forwarders } = useSuspenseQuery(forwardersQuery(path));
  const { data: entries = [] } = useQuery(forwarderEntriesQuery(path));
  const [edited, setEdited] = useState<Forwarder | "new">();
  return (
    <Section
      title="Log forwarders"
      purpose="Entries of the log go to a collection, or to a function, besides: to keep them longer, or to be told."
      actions={
        <ChangeButton
          size="xs"
          onClick={() => {
            setEdited("new");
          }}
        >
          New log forwarder
        </ChangeButton>
      }
    >
      {forwarders.length === 0 ? (
        <Empty title="No log forwarder yet">
          Make one to keep errors in a collection of your own, or to have a function told of them.
        </Empty>
      ) : (
        <Paper withBorder>
          <Table.ScrollContainer minWidth={640}>
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Name</Table.Th>
                  <Table.Th>What</Table.Th>
                  <Table.Th>Where to</Table.Th>
                  <Table.Th>State</Table.Th>
                  <Table.Th ta="right">On</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {forwarders.map((each) => (
                  <ForwarderRow
                    key={each._id}
                    made={each}
                    last={entries.find(({ log_forwarder_name: name }) => name === each.name)}
                    onEdit={() => {
                      setEdited(each);
                    }}
                  />
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </Paper>
      )}
      {edited !== undefined && (
        <ForwarderForm
          made={edited === "new" ? undefined : edited}
          onClose={() => {
            setEdited(undefined);
          }}
        />
      )}
    </Section>
  );
}

function ForwarderRow({
  made,
  last,
  onEdit,
}: {
  readonly made: Forwarder;
  /** Its last entry, which it has where something is worth one. */
  readonly last: LogEntry | undefined;
  readonly onEdit: () => void;
}): ReactNode {
  const { path } = useCurrentApp();
  const edit = useEdit();
  const { _id: id, name, disabled, log_types: types, log_statuses: statuses, policy } = made;
  const one = `${path}/log_forwarders/${id}`;
  return (
    <Table.Tr>
      <Table.Td>
        <Anchor component="button" type="button" size="sm" className="mono break" onClick={onEdit}>
          {name}
        </Anchor>
      </Table.Td>
      <Table.Td>
        <Text size="sm">{types.join(", ")}</Text>
        <Text size="xs" c="dimmed">
          {statuses.join(" and ")}, {policy.type === "batch" ? "in batches" : "one by one"}
        </Text>
      </Table.Td>
      <Table.Td className="mono break">{targetOf(made)}</Table.Td>
      <Table.Td>
        <ForwarderState isDisabled={disabled} last={last} />
      </Table.Td>
      <Table.Td>
        <Stack gap={4} align="flex-end">
          <Editable>
            <Toggle
              aria-label={`${name} is on`}
              checked={!disabled}
              disabled={edit.isPending}
              onChange={(isOn) => {
                edit.mutate({
                  run: async () =>
                    call({ method: "PUT", path: `${one}/${isOn ? "enable" : "disable"}` }),
                  done: `${name} is ${isOn ? "on" : "off"}`,
                });
              }}
            />
          </Editable>
          <DeleteButton
            title={`Delete the log forwarder ${name}?`}
            text="What it has forwarded stays where it is."
            isUndoable
            onConfirm={() => {
              edit.mutate({
                run: async () => call({ method: "DELETE", path: one }),
                done: `${name} is deleted`,
                undo: async () =>
                  call({ method: "POST", path: `${path}/log_forwarders`, body: toChange(made) }),
              });
            }}
          />
        </Stack>
      </Table.Td>
    </Table.Tr>
  );
}

function targetOf({ action }: Forwarder): string {
  if (action.type === "function") return `${action.name}()`;
  return `${action.data_source}: ${action.database}.${action.collection}`;
}

/** Of what goes well there is no entry. */
function ForwarderState({
  isDisabled,
  last,
}: {
  readonly isDisabled: boolean;
  readonly last: LogEntry | undefined;
}): ReactNode {
  const app = useCurrentApp();
  const hasFailed = last?.error !== undefined;
  return (
    <Stack gap={2} align="flex-start">
      {isDisabled ? (
        <Badge variant="light" color="gray">
          disabled
        </Badge>
      ) : (
        <Badge variant="light" color={hasFailed ? "red" : "green"}>
          {hasFailed ? "has failed" : "no failure"}
        </Badge>
      )}
      {last !== undefined && (
        <Anchor
          size="xs"
          renderRoot={(props: object) => (
            <Link
              to={`/apps/${app._id}/logs`}
              search={{ type: "LOG_FORWARDER", entry: last._id }}
              {...props}
            />
          )}
        >
          {hasFailed ? "failed" : "said something"} <Time iso={last.started} />
        </Anchor>
      )}
    </Stack>
  );
}
