import { Group, Modal, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { call } from "../../api/client.ts";
import { type Provider, providerQuery, type ProviderType } from "../../api/users.ts";
import { ChangeButton } from "../../parts/change-button.tsx";
import { Editable } from "../../parts/editable.tsx";
import { FormAndJson, printJson, readJson } from "../../parts/form-and-json.tsx";
import { Failed, NotSaved, Waiting } from "../../parts/states.tsx";
import { Unsaved } from "../../parts/unsaved.tsx";
import { useEdit } from "../../parts/use-edit.ts";
import { useKept } from "../../parts/use-kept.ts";
import { useCurrentApp } from "../../shell/current-app.ts";
import { ProviderFields } from "./provider-fields.tsx";
import { fieldsOfProvider, firstSettings } from "./provider-words.ts";

export function ProviderSettings({
  type,
  made,
  onClose,
}: {
  readonly type: ProviderType;
  /** Undefined where there is none of the type yet. */
  readonly made: Provider | undefined;
  readonly onClose: () => void;
}): ReactNode {
  const { path } = useCurrentApp();
  const known = useQuery({
    ...providerQuery(path, made?._id ?? ""),
    enabled: made !== undefined,
  });
  return (
    <Modal opened onClose={onClose} title={`Settings of ${type}`} size="70rem">
      {made !== undefined && known.isPending && <Waiting />}
      {known.isError && <Failed cause={known.error} />}
      {(made === undefined || known.isSuccess) && (
        <SettingsForm
          type={type}
          made={made}
          first={known.data ?? { name: type, type, disabled: false, ...firstSettings[type] }}
          onClose={onClose}
        />
      )}
    </Modal>
  );
}

function SettingsForm({
  type,
  made,
  first,
  onClose,
}: {
  readonly type: ProviderType;
  readonly made: Provider | undefined;
  readonly first: object;
  readonly onClose: () => void;
}): ReactNode {
  const { path } = useCurrentApp();
  const edit = useEdit({ showsFailure: true });
  const { _id: _, ...shown } = first as { readonly _id?: string };
  const kept = useKept(`provider ${type}`, { text: printJson(shown) });
  const { text } = kept.value;
  const base = `${path}/auth_providers`;
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        As in <code>auth/providers.json</code> of an app directory. Secrets are named, not written.
      </Text>
      <Editable>
        <FormAndJson
          label="Settings"
          text={text}
          onChange={(next) => {
            kept.set({ text: next });
          }}
          form={(value, onChange) => (
            <ProviderFields
              fields={fieldsOfProvider[type] ?? []}
              value={value}
              onChange={onChange}
            />
          )}
        />
      </Editable>
      {edit.isError && <NotSaved cause={edit.error} />}
      <Group>
        <ChangeButton
          loading={edit.isPending}
          disabled={!readJson(text).isWell}
          onClick={() => {
            edit.mutate({
              run: async () => {
                const body: unknown = JSON.parse(text);
                await (made === undefined
                  ? call({ method: "POST", path: base, body })
                  : call({ method: "PATCH", path: `${base}/${made._id}`, body }));
              },
              done: `The settings of ${type} are saved`,
              after: () => {
                kept.forget();
                onClose();
              },
            });
          }}
        >
          Save
        </ChangeButton>
        {text !== printJson(shown) && <Unsaved onDiscard={kept.reset} />}
      </Group>
    </Stack>
  );
}
