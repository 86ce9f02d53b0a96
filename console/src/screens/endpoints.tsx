/** Custom HTTPS endpoints: a route, a method, and the function that answers. */
import { Badge, Button, Code, Group, Paper, Stack, Table, Text } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { serverBase } from "../api/client.ts";
import { type Endpoint, endpointsQuery, functionsQuery } from "../api/parts-of-app.ts";
import { ChangeButton } from "../parts/change-button.tsx";
import { CopyButton } from "../parts/copy-button.tsx";
import { ScreenFrame } from "../parts/screen.tsx";
import { Empty } from "../parts/states.tsx";
import { useCurrentApp } from "../shell/current-app.ts";
import { EndpointEditor } from "./endpoints/editor.tsx";

export function Screen(): ReactNode {
  const app = useCurrentApp();
  const { data: endpoints } = useSuspenseQuery(endpointsQuery(app.path));
  const { data: functions } = useSuspenseQuery(functionsQuery(app.path));
  const { id } = useSearch({ strict: false }) as { readonly id?: string };
  const navigate = useNavigate();
  const choose = (chosen: string | undefined): void => {
    void navigate({ to: ".", search: chosen === undefined ? {} : { id: chosen } });
  };
  const chosen = endpoints.find(({ _id }) => _id === id);
  const isOpen = id === "new" || chosen !== undefined;
  return (
    <ScreenFrame
      title="Endpoints"
      purpose="Addresses of your own: each runs a function and answers with what it returns or sets."
      actions={
        <ChangeButton
          disabled={functions.length === 0}
          onClick={() => {
            choose("new");
          }}
        >
          New endpoint
        </ChangeButton>
      }
    >
      {functions.length === 0 && (
        <Empty
          title="First a function"
          action={
            <Button
              variant="light"
              onClick={() =>
                void navigate({ to: `/apps/${app._id}/functions`, search: { name: "" } })
              }
            >
              Write a function
            </Button>
          }
        >
          An endpoint runs a function of the app. Write one, then give it an address here.
        </Empty>
      )}
      {functions.length > 0 && endpoints.length === 0 && !isOpen && (
        <Empty title="No endpoint yet">
          Make one to let a function answer requests over HTTPS.
        </Empty>
      )}
      {isOpen && (
        <EndpointEditor
          key={chosen?._id ?? "new"}
          made={chosen}
          onClose={() => {
            choose(undefined);
          }}
        />
      )}
      {endpoints.length > 0 && (
        <Paper withBorder>
          <Table.ScrollContainer minWidth={560}>
            <Table highlightOnHover>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Route</Table.Th>
                  <Table.Th>Function</Table.Th>
                  <Table.Th>State</Table.Th>
                  <Table.Th>Address</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {endpoints.map((each) => (
                  <EndpointRow
                    key={each._id}
                    made={each}
                    url={`${serverBase}/app/${app.client_app_id}/endpoint${each.route}`}
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

function EndpointRow({
  made,
  url,
  onChoice,
}: {
  readonly made: Endpoint;
  readonly url: string;
  readonly onChoice: () => void;
}): ReactNode {
  const { http_method: method, route, function_name: functionName, disabled } = made;
  return (
    <Table.Tr>
      <Table.Td miw={190}>
        <Button variant="subtle" size="compact-sm" onClick={onChoice}>
          <Group gap={6} wrap="nowrap">
            <Badge variant="light" style={{ flexShrink: 0 }}>
              {method === "*" ? "any" : method}
            </Badge>
            <Text span size="sm" className="mono">
              {route}
            </Text>
          </Group>
        </Button>
      </Table.Td>
      <Table.Td className="mono break">{functionName}</Table.Td>
      <Table.Td>
        <Badge variant="light" color={disabled ? "gray" : "green"}>
          {disabled ? "disabled" : "enabled"}
        </Badge>
      </Table.Td>
      <Table.Td>
        <Stack gap={0}>
          <Group gap={4} wrap="nowrap">
            <Code className="break">{url}</Code>
            <CopyButton text={url} label={`Copy the address of ${route}`} />
          </Group>
        </Stack>
      </Table.Td>
    </Table.Tr>
  );
}
