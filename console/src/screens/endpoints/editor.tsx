import {
  Alert,
  Button,
  Code,
  Group,
  Paper,
  Select,
  SimpleGrid,
  Stack,
  Switch,
  Text,
  TextInput,
  Title,
} from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { call } from "../../api/client.ts";
import {
  type Endpoint,
  functionsQuery,
  methods,
  secretsQuery,
  validations,
} from "../../api/parts-of-app.ts";
import { confirm } from "../../parts/confirm.tsx";
import { useAct } from "../../parts/use-act.ts";
import { useCurrentApp } from "../../shell/current-app.ts";
import { TestRequest } from "./test-request.tsx";

const validationLabels: Readonly<Record<(typeof validations)[number], string>> = {
  NO_VALIDATION: "None",
  SECRET_AS_QUERY_PARAM: "A secret in the address (?secret=…)",
  VERIFY_PAYLOAD: "A signature over the body",
};

type Draft = Omit<Endpoint, "_id">;

const fresh: Draft = {
  route: "/",
  http_method: "GET",
  function_name: "",
  validation_method: "NO_VALIDATION",
  respond_result: true,
  fetch_custom_user_data: false,
  create_user_on_auth: false,
  disabled: false,
  return_type: "JSON",
};

export function EndpointEditor({
  made,
  onClose,
}: {
  /** Undefined for a new one. */
  readonly made: Endpoint | undefined;
  readonly onClose: () => void;
}): ReactNode {
  const { path } = useCurrentApp();
  const { data: functions } = useSuspenseQuery(functionsQuery(path));
  const { data: secrets } = useSuspenseQuery(secretsQuery(path));
  const act = useAct([path]);
  const [draft, setDraft] = useState<Draft>(
    made ?? { ...fresh, function_name: functions[0]?.name ?? "" },
  );
  const set = (changes: Partial<Draft>): void => {
    setDraft((former) => ({ ...former, ...changes }));
  };
  const needsSecret = draft.validation_method !== "NO_VALIDATION";

  function save(event: FormEvent): void {
    event.preventDefault();
    act.mutate({
      run: async () =>
        made === undefined
          ? call({ method: "POST", path: `${path}/endpoints`, body: draft })
          : call({ method: "PUT", path: `${path}/endpoints/${made._id}`, body: draft }),
      done: `${draft.http_method} ${draft.route} is saved and live`,
      after: onClose,
    });
  }

  function remove({ _id: id, route }: Endpoint): void {
    confirm({
      title: `Delete the endpoint ${route}?`,
      text: "Requests to it are answered 404 from then on. Its function stays.",
      verb: "Delete",
      onConfirm: () => {
        act.mutate({
          run: async () => call({ method: "DELETE", path: `${path}/endpoints/${id}` }),
          done: `The endpoint ${route} is deleted`,
          after: onClose,
        });
      },
    });
  }

  return (
    <Paper
      withBorder
      p="md"
      component="section"
      aria-label={made === undefined ? "New endpoint" : made.route}
    >
      <form onSubmit={save}>
        <Stack gap="sm">
          <Title order={2} size="h4">
            {made === undefined ? "New endpoint" : `${made.http_method} ${made.route}`}
          </Title>
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <TextInput
              label="Route"
              description="Begins with /"
              value={draft.route}
              onChange={(event) => {
                set({ route: event.currentTarget.value });
              }}
              required
            />
            <Select
              label="Method"
              description="Several endpoints may share a route, one for each method"
              data={methods.map((value) => ({ value, label: value === "*" ? "Any" : value }))}
              value={draft.http_method}
              allowDeselect={false}
              onChange={(value) => {
                if (value !== null) set({ http_method: value });
              }}
            />
            <Select
              label="Function"
              data={functions.map(({ name }) => name)}
              value={draft.function_name}
              allowDeselect={false}
              searchable
              onChange={(value) => {
                if (value !== null) set({ function_name: value });
              }}
            />
            <Select
              label="Answers when the request does not say"
              data={["JSON", "EJSON"]}
              value={draft.return_type}
              allowDeselect={false}
              onChange={(value) => {
                if (value !== null) set({ return_type: value });
              }}
            />
            <Select
              label="Checks of the request"
              data={validations.map((value) => ({ value, label: validationLabels[value] }))}
              value={draft.validation_method}
              allowDeselect={false}
              onChange={(value) => {
                if (value !== null) set({ validation_method: value });
              }}
            />
            {needsSecret && (
              <Select
                label="Secret"
                description={
                  secrets.length === 0 ? "Make one under Values & secrets first" : undefined
                }
                data={secrets.map(({ name }) => name)}
                value={draft.secret_name ?? null}
                onChange={(value) => {
                  if (value !== null) set({ secret_name: value });
                }}
                required
              />
            )}
          </SimpleGrid>
          <Switch
            label="Answer with what the function returns; otherwise 204 without a body"
            checked={draft.respond_result}
            onChange={(event) => {
              set({ respond_result: event.currentTarget.checked });
            }}
          />
          <Switch
            label="Load the caller's custom data"
            checked={draft.fetch_custom_user_data}
            onChange={(event) => {
              set({ fetch_custom_user_data: event.currentTarget.checked });
            }}
          />
          <Switch
            label="Make a user of a caller whose credentials are good but who is not known yet"
            checked={draft.create_user_on_auth}
            onChange={(event) => {
              set({ create_user_on_auth: event.currentTarget.checked });
            }}
          />
          <Switch
            label="Enabled"
            checked={!draft.disabled}
            onChange={(event) => {
              set({ disabled: !event.currentTarget.checked });
            }}
          />
          <Text size="sm" c="dimmed">
            Who may call is a setting of the function: one that runs as system needs no credentials.
          </Text>
          {act.isError && (
            <Alert color="red" title="Not saved" role="alert">
              <Code block>{act.error.message}</Code>
            </Alert>
          )}
          <Group justify="space-between">
            <Group gap="xs">
              <Button type="submit" loading={act.isPending}>
                Save
              </Button>
              <Button variant="default" onClick={onClose}>
                Close
              </Button>
            </Group>
            {made !== undefined && (
              <Button
                variant="subtle"
                color="red"
                onClick={() => {
                  remove(made);
                }}
              >
                Delete …
              </Button>
            )}
          </Group>
        </Stack>
      </form>
      {made !== undefined && <TestRequest endpoint={made} />}
    </Paper>
  );
}
