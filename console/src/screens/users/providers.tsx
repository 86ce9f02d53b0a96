import { Button, Group, Modal, Paper, Stack, Text } from "@mantine/core";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { call } from "../../api/client.ts";
import { type Provider, providerQuery, providersQuery, providerTypes } from "../../api/users.ts";
import { CodeEditor } from "../../parts/code-editor.tsx";
import { ChangeButton } from "../../parts/change-button.tsx";
import { Editable } from "../../parts/editable.tsx";
import { Toggle } from "../../parts/fields.tsx";
import { Failed, NotSaved, Waiting } from "../../parts/states.tsx";
import { useEdit } from "../../parts/use-edit.ts";
import { useCurrentApp } from "../../shell/current-app.ts";

const purposes: Readonly<Record<(typeof providerTypes)[number], string>> = {
  "anon-user": "Without any credentials: each login is a new user.",
  "local-userpass": "With an e-mail address and a password.",
  "api-key": "With a key: of the server, or of a user.",
  "custom-token": "With a JSON Web Token of your own system.",
  "custom-function": "A function of the app decides.",
  "oauth2-google": "With a Google account.",
  "oauth2-facebook": "With a Facebook account.",
  "oauth2-apple": "With an Apple ID.",
};

/** These need settings before they can be on. */
const withSettings: ReadonlySet<string> = new Set([
  "local-userpass",
  "custom-token",
  "custom-function",
  "oauth2-google",
  "oauth2-facebook",
  "oauth2-apple",
]);

export function Providers(): ReactNode {
  const { path } = useCurrentApp();
  const { data: providers } = useSuspenseQuery(providersQuery(path));
  return (
    <Stack maw={820} gap="sm">
      {providerTypes.map((type) => (
        <ProviderRow key={type} type={type} made={providers.find((each) => each.type === type)} />
      ))}
    </Stack>
  );
}

function ProviderRow({
  type,
  made,
}: {
  readonly type: (typeof providerTypes)[number];
  readonly made: Provider | undefined;
}): ReactNode {
  const { path } = useCurrentApp();
  const edit = useEdit();
  const [isOpen, setIsOpen] = useState(false);
  const isOn = made !== undefined && !made.disabled;
  function change(wanted: boolean): void {
    if (made === undefined && withSettings.has(type)) {
      setIsOpen(true);
      return;
    }
    edit.mutate({
      run: async () =>
        made === undefined
          ? call({
              method: "POST",
              path: `${path}/auth_providers`,
              body: { name: type, type, disabled: false },
            })
          : call({
              method: "PUT",
              path: `${path}/auth_providers/${made._id}/${wanted ? "enable" : "disable"}`,
            }),
      done: `${type} is ${wanted ? "on" : "off"}`,
    });
  }
  return (
    <Paper withBorder p="md">
      <Group justify="space-between" wrap="nowrap">
        <div>
          <Text fw={500} className="mono">
            {type}
          </Text>
          <Text size="sm" c="dimmed">
            {purposes[type]}
          </Text>
        </div>
        <Group gap="sm" wrap="nowrap">
          {withSettings.has(type) && (
            <Button
              size="compact-sm"
              variant="subtle"
              onClick={() => {
                setIsOpen(true);
              }}
            >
              Settings
            </Button>
          )}
          <Editable>
            <Toggle
              aria-label={`${type} is on`}
              checked={isOn}
              disabled={edit.isPending}
              onChange={change}
            />
          </Editable>
        </Group>
      </Group>
      {isOpen && (
        <ProviderSettings
          type={type}
          made={made}
          onClose={() => {
            setIsOpen(false);
          }}
        />
      )}
    </Paper>
  );
}

const firstSettings: Readonly<Record<string, object>> = {
  "local-userpass": { config: { autoConfirm: true } },
  "custom-token": {
    config: {
      audience: [],
      requireAnyAudience: false,
      signingAlgorithm: "HS256",
      useJWKURI: false,
    },
    secret_config: { signingKeys: ["NAME_OF_A_SECRET"] },
    metadata_fields: [],
  },
  "custom-function": { config: { authFunctionName: "NAME_OF_A_FUNCTION" } },
};
const oauthSettings = {
  config: { clientId: "" },
  secret_config: { clientSecret: "NAME_OF_A_SECRET" },
  metadata_fields: [],
  redirect_uris: [],
};

function ProviderSettings({
  type,
  made,
  onClose,
}: {
  readonly type: string;
  readonly made: Provider | undefined;
  readonly onClose: () => void;
}): ReactNode {
  const { path } = useCurrentApp();
  const known = useQuery({
    ...providerQuery(path, made?._id ?? ""),
    enabled: made !== undefined,
  });
  return (
    <Modal opened onClose={onClose} title={`Settings of ${type}`} size="lg">
      {made !== undefined && known.isPending && <Waiting />}
      {known.isError && <Failed cause={known.error} />}
      {(made === undefined || known.isSuccess) && (
        <SettingsForm
          type={type}
          made={made}
          first={
            known.data ?? {
              name: type,
              type,
              disabled: false,
              ...(firstSettings[type] ?? oauthSettings),
            }
          }
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
  readonly type: string;
  readonly made: Provider | undefined;
  readonly first: object;
  readonly onClose: () => void;
}): ReactNode {
  const { path } = useCurrentApp();
  const edit = useEdit();
  const [text, setText] = useState(() => {
    const { _id: _, ...shown } = first as { readonly _id?: string };
    return JSON.stringify(shown, null, 2);
  });
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        As in <code>auth/providers.json</code> of an app directory. Secrets are named, not written.
      </Text>
      <Editable>
        <CodeEditor
          label="Settings"
          language="json"
          value={text}
          onChange={setText}
          minLines={10}
        />
      </Editable>
      {edit.isError && <NotSaved cause={edit.error} />}
      <Group>
        <ChangeButton
          loading={edit.isPending}
          onClick={() => {
            edit.mutate({
              run: async () => {
                const body: unknown = JSON.parse(text);
                await (made === undefined
                  ? call({ method: "POST", path: `${path}/auth_providers`, body })
                  : call({ method: "PATCH", path: `${path}/auth_providers/${made._id}`, body }));
              },
              done: `The settings of ${type} are saved`,
              after: onClose,
            });
          }}
        >
          Save
        </ChangeButton>
      </Group>
    </Stack>
  );
}
