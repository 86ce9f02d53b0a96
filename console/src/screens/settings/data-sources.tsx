/** The data sources that the app names, and how each is read. */
import { Group, Select, Table } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { type LinkedSource, linkedSourcesQuery, readPreferences } from "../../api/app-settings.ts";
import { call } from "../../api/client.ts";
import { ChangeButton, DeleteButton } from "../../parts/change-button.tsx";
import { Editable } from "../../parts/editable.tsx";
import { TextField } from "../../parts/fields.tsx";
import { Section } from "../../parts/section.tsx";
import { Empty, Failed } from "../../parts/states.tsx";
import { useEdit } from "../../parts/use-edit.ts";
import { useCurrentApp } from "../../shell/current-app.ts";
import { useMayChange } from "../../shell/may-change.ts";

export function DataSources(): ReactNode {
  const { path } = useCurrentApp();
  const { data: sources } = useSuspenseQuery(linkedSourcesQuery(path));
  const mayChange = useMayChange();
  const edit = useEdit({ showsFailure: true });
  const [name, setName] = useState("");
  function link(event: FormEvent): void {
    event.preventDefault();
    const body = { name, type: "mongodb-atlas", config: { clusterName: name } };
    edit.mutate({
      run: async () => call({ method: "POST", path: `${path}/services`, body }),
      done: `${name} is linked`,
      after: () => {
        setName("");
      },
    });
  }
  return (
    <Section
      title="Data sources"
      purpose="Names by which requests, functions and rules find a store. The server is started with --source NAME=mongodb://… for each that is not the embedded store."
    >
      {mayChange && (
        <form onSubmit={link}>
          <Group align="flex-end">
            <TextField
              label="Name"
              placeholder="mongodb-atlas"
              value={name}
              onChange={setName}
              required
            />
            <ChangeButton type="submit" loading={edit.isPending}>
              Link a data source
            </ChangeButton>
          </Group>
        </form>
      )}
      {edit.isError && <Failed cause={edit.error} />}
      {sources.length === 0 ? (
        <Empty title="No data source yet">Link one, so that the app has somewhere to write.</Empty>
      ) : (
        <Table.ScrollContainer minWidth={520}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Name</Table.Th>
                <Table.Th>Cluster of the original</Table.Th>
                <Table.Th>Reads from</Table.Th>
                <Table.Th />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {sources.map((each) => (
                <SourceRow key={each._id} source={each} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Section>
  );
}

function SourceRow({ source }: { readonly source: LinkedSource }): ReactNode {
  const { path } = useCurrentApp();
  const edit = useEdit();
  const { _id: id, name, type, config } = source;
  return (
    <Table.Tr>
      <Table.Td className="mono break">{name}</Table.Td>
      <Table.Td className="mono break">{config.clusterName ?? "–"}</Table.Td>
      <Table.Td>
        {type === "mongodb-atlas" && (
          <Editable>
            <Select
              aria-label={`Read preference of ${name}`}
              size="xs"
              data={readPreferences}
              value={config.readPreference || "primary"}
              allowDeselect={false}
              onChange={(readPreference) => {
                edit.mutate({
                  run: async () =>
                    call({
                      method: "PATCH",
                      path: `${path}/services/${id}/config`,
                      body: { readPreference },
                    }),
                  done: `${name} reads from ${readPreference}`,
                });
              }}
            />
          </Editable>
        )}
      </Table.Td>
      <Table.Td ta="right">
        <DeleteButton
          verb="Unlink"
          title={`Unlink ${name}?`}
          text="Its rules and schemas go with it. The data stays where it is."
          onConfirm={() => {
            edit.mutate({
              run: async () => call({ method: "DELETE", path: `${path}/services/${id}` }),
              done: `${name} is unlinked`,
            });
          }}
        />
      </Table.Td>
    </Table.Tr>
  );
}
