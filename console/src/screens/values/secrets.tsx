import { Group, Table } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { call } from "../../api/client.ts";
import { secretsQuery } from "../../api/parts-of-app.ts";
import { ChangeButton, DeleteButton } from "../../parts/change-button.tsx";
import { SecretField, TextField } from "../../parts/fields.tsx";
import { Section } from "../../parts/section.tsx";
import { Empty } from "../../parts/states.tsx";
import { useAct } from "../../parts/use-act.ts";
import { useCurrentApp } from "../../shell/current-app.ts";
import { useMayChange } from "../../shell/may-change.ts";

export function Secrets(): ReactNode {
  const { path } = useCurrentApp();
  const { data: secrets } = useSuspenseQuery(secretsQuery(path));
  const act = useAct([path, "secrets"]);
  const mayChange = useMayChange();
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
    <Section
      title="Secrets"
      purpose="Sealed, and no part of a deployment: a new one holds from now on."
    >
      {mayChange && (
        <form onSubmit={save}>
          <Group align="flex-end">
            <TextField label="Name" value={name} onChange={setName} required />
            <SecretField label="Value" value={value} onChange={setValue} required miw={220} />
            <ChangeButton type="submit" loading={act.isPending}>
              {known === undefined ? "Add" : "Replace"}
            </ChangeButton>
          </Group>
        </form>
      )}
      {secrets.length === 0 ? (
        <Empty title="No secret yet">Keys and passwords of other services belong here.</Empty>
      ) : (
        <Table>
          <Table.Tbody>
            {secrets.map((each) => (
              <Table.Tr key={each._id}>
                <Table.Td className="mono break">{each.name}</Table.Td>
                <Table.Td ta="right">
                  <DeleteButton
                    title={`Delete the secret ${each.name}?`}
                    text="What needs it refuses every call from then on."
                    onConfirm={() => {
                      act.mutate({
                        run: async () =>
                          call({ method: "DELETE", path: `${path}/secrets/${each._id}` }),
                        done: `The secret ${each.name} is deleted`,
                      });
                    }}
                  />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Section>
  );
}
