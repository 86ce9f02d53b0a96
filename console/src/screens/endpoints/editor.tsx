import { Paper, Select, SimpleGrid, Stack, Title } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import type { FormEvent, ReactNode } from "react";
import { call } from "../../api/client.ts";
import { type Endpoint, functionsQuery, methods } from "../../api/parts-of-app.ts";
import { CallerToggles } from "../../parts/caller-toggles.tsx";
import { DeleteButton } from "../../parts/change-button.tsx";
import { ConditionField, toCondition } from "../../parts/condition-field.tsx";
import { EditorFooter } from "../../parts/editor-footer.tsx";
import { Editable } from "../../parts/editable.tsx";
import { TextField, Toggle } from "../../parts/fields.tsx";
import { FunctionSelect } from "../../parts/function-select.tsx";
import { NotSaved } from "../../parts/states.tsx";
import { useEdit } from "../../parts/use-edit.ts";
import { useKept } from "../../parts/use-kept.ts";
import { ValidationFields } from "../../parts/validation-fields.tsx";
import { useCurrentApp } from "../../shell/current-app.ts";
import { CredentialsNeeded } from "./credentials-needed.tsx";
import { TestRequest } from "./test-request.tsx";

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
  const edit = useEdit({ showsFailure: true });
  const first: Draft = made ?? { ...fresh, function_name: functions[0]?.name ?? "" };
  const { value: draft, set, reset } = useKept(`endpoint ${made?._id ?? ""}`, first);
  const isChanged = JSON.stringify(draft) !== JSON.stringify(first);

  function save(event: FormEvent): void {
    event.preventDefault();
    edit.mutate({
      run: async () =>
        made === undefined
          ? call({ method: "POST", path: `${path}/endpoints`, body: draft })
          : call({ method: "PUT", path: `${path}/endpoints/${made._id}`, body: draft }),
      done: `${draft.http_method} ${draft.route} is saved`,
      after: () => {
        reset();
        onClose();
      },
    });
  }

  function remove({ _id: id, ...former }: Endpoint): void {
    edit.mutate({
      run: async () => call({ method: "DELETE", path: `${path}/endpoints/${id}` }),
      done: `The endpoint ${former.route} is deleted`,
      undo: async () => call({ method: "POST", path: `${path}/endpoints`, body: former }),
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
                <FunctionSelect
                  value={draft.function_name}
                  onChange={(name) => {
                    set({ function_name: name });
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
              </SimpleGrid>
              <ValidationFields value={draft} onChange={set} />
              <Toggle
                label="Answer with what the function returns; otherwise 204 without a body"
                checked={draft.respond_result}
                onChange={(isOn) => {
                  set({ respond_result: isOn });
                }}
              />
              <CallerToggles value={draft} onChange={set} />
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
              <CredentialsNeeded functionName={draft.function_name} />
            </Stack>
          </Editable>
          {edit.isError && <NotSaved cause={edit.error} />}
          <EditorFooter
            isBusy={edit.isPending}
            isChanged={isChanged}
            onClose={onClose}
            onDiscard={reset}
          >
            {made !== undefined && (
              <DeleteButton
                size="sm"
                title={`Delete the endpoint ${made.route}?`}
                text="Requests to it are answered 404 from then on. Its function stays."
                isUndoable
                onConfirm={() => {
                  remove(made);
                }}
              />
            )}
          </EditorFooter>
        </Stack>
      </form>
      {made !== undefined && <TestRequest endpoint={made} />}
    </Paper>
  );
}
