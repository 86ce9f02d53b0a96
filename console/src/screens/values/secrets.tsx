import { Button, Group, Paper, PasswordInput, Table, TextInput, Title } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { call } from "../../api/client.ts";
import { secretsQuery } from "../../api/parts-of-app.ts";
import { confirm } from "../../parts/confirm.tsx";
import { Empty } from "../../parts/states.tsx";
import { useAct } from "../../parts/use-act.ts";
import { useCurrentApp } from "../../shell/current-app.ts";

export function Secrets(): ReactNode {
  const { path } = useCurrentApp();
  const { data: secrets } = useSuspenseQuery(secretsQuery(path));
  const act = useAct([path, "secrets"]);
  const [name, setName] = useState("");
  const [value, setValue] = useState("");
  const known = secrets.find((each) => each.name === name);
  function save(event: FormEvent): void {
    event.preventDefault();
    const body = { name, value };
    act.mutate({
      run: async () =>
        known === undefined
          ? call({ method: "POST", path: `${path}/secrets`, body })
          : call({ method: "PUT", path: `${path}/secrets/${known._id}`, body }),
      done: `The secret ${name} is set`,
      after: () => {
        setName("");
        setValue("");
      },
    });
  }
  return (
    <Paper withBorder p="lg" component="section" aria-label="Secrets">
      <Title order={2} size="h4" mb="sm">
        Secrets
      </Title>
      <form onSubmit={save}>
        <Group align="flex-end" mb="md">
          <TextInput
            label="Name"
            value={name}
            onChange={(event) => {
              setName(event.currentTarget.value);
            }}
            required
          />
          <PasswordInput
            label="Value"
            value={value}
            onChange={(event) => {
              setValue(event.currentTarget.value);
            }}
            autoComplete="off"
            required
            miw={220}
          />
          <Button type="submit" loading={act.isPending}>
            {known === undefined ? "Add" : "Replace"}
          </Button>
        </Group>
      </form>
      {secrets.length === 0 ? (
        <Empty title="No secret yet">Keys and passwords of other services belong here.</Empty>
      ) : (
        <Table>
          <Table.Tbody>
            {secrets.map((each) => (
              <Table.Tr key={each._id}>
                <Table.Td className="mono break">{each.name}</Table.Td>
                <Table.Td ta="right">
                  <Button
                    size="compact-sm"
                    variant="subtle"
                    color="red"
                    onClick={() => {
                      confirm({
                        title: `Delete the secret ${each.name}?`,
                        text: "What needs it refuses every call from then on.",
                        verb: "Delete",
                        onConfirm: () => {
                          act.mutate({
                            run: async () =>
                              call({ method: "DELETE", path: `${path}/secrets/${each._id}` }),
                            done: `The secret ${each.name} is deleted`,
                          });
                        },
                      });
                    }}
                  >
                    Delete …
                  </Button>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Paper>
  );
}
