import { Button, Group, Paper, Select, SimpleGrid, Stack, Text, Title } from "@mantine/core";
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
import { ChangeButton, DeleteButton } from "../../parts/change-button.tsx";
import { ConditionField, toCondition } from "../../parts/condition-field.tsx";
import { Editable } from "../../parts/editable.tsx";
import { TextField, Toggle } from "../../parts/fields.tsx";
import { NotSaved } from "../../parts/states.tsx";
import { useEdit } from "../../parts/use-edit.ts";
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
  can_evaluate: {},
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
  const edit = useEdit();
  const [draft, setDraft] = useState<Draft>(
    made ?? { ...fresh, function_name: functions[0]?.name ?? "" },
  );
  const set = (changes: Partial<Draft>): void => {
    setDraft((former) => ({ ...former, ...changes }));
  };
  const needsSecret = draft.validation_method !== "NO_VALIDATION";

  function save(event: FormEvent): void {
    event.preventDefault();
    edit.mutate({
      run: async () =>
        made === undefined
          ? call({ method: "POST", path: `${path}/endpoints`, body: draft })
          : call({ method: "PUT", path: `${path}/endpoints/${made._id}`, body: draft }),
      done: `${draft.http_method} ${draft.route} is saved`,
      after: onClose,
    });
  }

  function remove({ _id: id, route }: Endpoint): void {
    edit.mutate({
      run: async () => call({ method: "DELETE", path: `${path}/endpoints/${id}` }),
      done: `The endpoint ${route} is deleted`,
      after: onClose,
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
          <Editable>
            <Stack gap="sm">
              <SimpleGrid cols={{ base: 1, sm: 2 }}>
                <TextField
                  label="Route"
                  description="Begins with /"
                  value={draft.route}
                  onChange={(route) => {
                    set({ route });
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
              <Toggle
                label="Answer with what the function returns; otherwise 204 without a body"
                checked={draft.respond_result}
                onChange={(isOn) => {
                  set({ respond_result: isOn });
                }}
              />
              <Toggle
                label="Load the caller's custom data"
                checked={draft.fetch_custom_user_data}
                onChange={(isOn) => {
                  set({ fetch_custom_user_data: isOn });
                }}
              />
              <Toggle
                label="Make a user of a caller whose credentials are good but who is not known yet"
                checked={draft.create_user_on_auth}
                onChange={(isOn) => {
                  set({ create_user_on_auth: isOn });
                }}
              />
              <Toggle
                label="Enabled"
                checked={!draft.disabled}
                onChange={(isOn) => {
                  set({ disabled: !isOn });
                }}
              />
              <ConditionField
                label="Who may call it: can_evaluate"
                value={toCondition(draft.can_evaluate)}
                onChange={(condition) => {
                  set({ can_evaluate: condition ?? {} });
                }}
              />
              <Text size="sm" c="dimmed">
                A function that runs as system needs no credentials.
              </Text>
            </Stack>
          </Editable>
          {edit.isError && <NotSaved cause={edit.error} />}
          <Group justify="space-between">
            <Group gap="xs">
              <ChangeButton type="submit" loading={edit.isPending}>
                Save
              </ChangeButton>
              <Button variant="default" onClick={onClose}>
                Close
              </Button>
            </Group>
            {made !== undefined && (
              <DeleteButton
                size="sm"
                title={`Delete the endpoint ${made.route}?`}
                text="Requests to it are answered 404 from then on. Its function stays."
                onConfirm={() => {
                  remove(made);
                }}
              />
            )}
          </Group>
        </Stack>
      </form>
      {made !== undefined && <TestRequest endpoint={made} />}
    </Paper>
  );
}
