/** Values that functions and rules read, and the secrets behind them. */
import { Badge, Code, Stack, Table } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { call } from "../api/client.ts";
import { type AppValue, valuesQuery } from "../api/parts-of-app.ts";
import { ChangeButton, DeleteButton } from "../parts/change-button.tsx";
import { ScreenFrame } from "../parts/screen.tsx";
import { Section } from "../parts/section.tsx";
import { Empty } from "../parts/states.tsx";
import { useEdit } from "../parts/use-edit.ts";
import { useCurrentApp } from "../shell/current-app.ts";
import { EnvironmentValues } from "./values/environment.tsx";
import { EditValue } from "./values/edit-value.tsx";
import { Secrets } from "./values/secrets.tsx";

export function Screen(): ReactNode {
  return (
    <ScreenFrame
      title="Values & secrets"
      purpose="A value is a name that functions and rules read. A secret is kept sealed: it goes in and never comes out."
    >
      <Stack maw={980}>
        <Values />
        <Secrets />
        <EnvironmentValues />
      </Stack>
    </ScreenFrame>
  );
}

function Values(): ReactNode {
  const { path } = useCurrentApp();
  const { data: values } = useSuspenseQuery(valuesQuery(path));
  const [edited, setEdited] = useState<AppValue | "new">();
  const edit = useEdit();
  function remove({ _id: id, ...former }: AppValue): void {
    edit.mutate({
      run: async () => call({ method: "DELETE", path: `${path}/values/${id}` }),
      done: `The value ${former.name} is deleted`,
      undo: async () => call({ method: "POST", path: `${path}/values`, body: former }),
    });
  }
  return (
    <Section
      title="Values"
      actions={
        <ChangeButton
          size="xs"
          onClick={() => {
            setEdited("new");
          }}
        >
          New value
        </ChangeButton>
      }
    >
      {values.length === 0 ? (
        <Empty title="No value yet">
          A function reads one with <code>context.values.get(&quot;name&quot;)</code>.
        </Empty>
      ) : (
        <Table.ScrollContainer minWidth={420}>
          <Table>
            <Table.Tbody>
              {values.map((each) => (
                <Table.Tr key={each._id}>
                  <Table.Td className="mono break">{each.name}</Table.Td>
                  <Table.Td>
                    {each.from_secret ? (
                      <Badge variant="light" color="yellow" tt="none">
                        secret {String(each.value)}
                      </Badge>
                    ) : (
                      <Code className="break">{JSON.stringify(each.value).slice(0, 120)}</Code>
                    )}
                  </Table.Td>
                  <Table.Td ta="right">
                    <ChangeButton
                      size="compact-sm"
                      variant="subtle"
                      onClick={() => {
                        setEdited(each);
                      }}
                    >
                      Edit
                    </ChangeButton>
                    <DeleteButton
                      title={`Delete the value ${each.name}?`}
                      text="Functions that read it get undefined from then on."
                      isUndoable
                      onConfirm={() => {
                        remove(each);
                      }}
                    />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {edited !== undefined && (
        <EditValue
          made={edited === "new" ? undefined : edited}
          onClose={() => {
            setEdited(undefined);
          }}
        />
      )}
    </Section>
  );
}
