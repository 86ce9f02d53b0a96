/** Where the app keeps its own data of users: `user.custom_data`, and `%%user.custom_data` in rules. */
import { Group, Select, SimpleGrid, Stack } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import type { FormEvent, ReactNode } from "react";
import { type CustomUserData, customUserDataQuery } from "../../api/app-settings.ts";
import { call } from "../../api/client.ts";
import { servicesQuery } from "../../api/rules.ts";
import { ChangeButton } from "../../parts/change-button.tsx";
import { Editable } from "../../parts/editable.tsx";
import { TextField, Toggle } from "../../parts/fields.tsx";
import { FunctionSelect } from "../../parts/function-select.tsx";
import { Section } from "../../parts/section.tsx";
import { NotSaved } from "../../parts/states.tsx";
import { Unsaved } from "../../parts/unsaved.tsx";
import { useEdit } from "../../parts/use-edit.ts";
import { useKept } from "../../parts/use-kept.ts";
import { useCurrentApp } from "../../shell/current-app.ts";

export function CustomData(): ReactNode {
  const { path } = useCurrentApp();
  const { data: held } = useSuspenseQuery(customUserDataQuery(path));
  return <CustomDataForm key={JSON.stringify(held)} held={held} />;
}

function CustomDataForm({ held }: { readonly held: CustomUserData }): ReactNode {
  const { path } = useCurrentApp();
  const { data: services } = useSuspenseQuery(servicesQuery(path));
  const edit = useEdit({ showsFailure: true });
  const { value: draft, set, reset, forget } = useKept("custom user data", held);
  function save(event: FormEvent): void {
    event.preventDefault();
    edit.mutate({
      run: async () => call({ method: "PATCH", path: `${path}/custom_user_data`, body: draft }),
      done: "Where custom data lies is saved",
      after: forget,
    });
  }
  return (
    <Section
      title="Custom user data"
      purpose="A collection with one document for each user, found by the user's id. Functions and rules read it; your own code writes it."
    >
      <form onSubmit={save}>
        <Editable>
          <Stack maw={820}>
            <Toggle
              label="Custom data is loaded"
              checked={draft.enabled}
              onChange={(enabled) => {
                set({ enabled });
              }}
            />
            <SimpleGrid cols={{ base: 1, sm: 2 }}>
              <Select
                label="Data source"
                data={services.map(({ name }) => name)}
                value={draft.mongo_service_name ?? null}
                onChange={(name) => {
                  if (name !== null) set({ mongo_service_name: name });
                }}
                required={draft.enabled}
              />
              {(
                [
                  ["database_name", "Database"],
                  ["collection_name", "Collection"],
                  ["user_id_field", "Field that holds the user's id"],
                ] as const
              ).map(([name, label]) => (
                <TextField
                  key={name}
                  label={label}
                  value={draft[name]}
                  onChange={(text) => {
                    set({ [name]: text });
                  }}
                  required={draft.enabled}
                />
              ))}
            </SimpleGrid>
            <FunctionSelect
              label="Function that runs when a user is made"
              description="Given the new user; where it fails, the user is not made"
              isRequired={false}
              value={draft.on_user_creation_function_name ?? ""}
              onChange={(name) => {
                set({ on_user_creation_function_name: name });
              }}
            />
            {edit.isError && <NotSaved cause={edit.error} />}
            <Group>
              <ChangeButton type="submit" loading={edit.isPending}>
                Save
              </ChangeButton>
              {JSON.stringify(draft) !== JSON.stringify(held) && <Unsaved onDiscard={reset} />}
            </Group>
          </Stack>
        </Editable>
      </form>
    </Section>
  );
}
