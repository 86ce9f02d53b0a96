import { Button, Group, Paper, Stack, Text } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { call } from "../../api/client.ts";
import {
  type Provider,
  providersQuery,
  type ProviderType,
  providerTypes,
} from "../../api/users.ts";
import { Editable } from "../../parts/editable.tsx";
import { Toggle } from "../../parts/fields.tsx";
import { useEdit } from "../../parts/use-edit.ts";
import { useCurrentApp } from "../../shell/current-app.ts";
import { ProviderSettings } from "./provider-settings.tsx";
import { fieldsOfProvider, purposes } from "./provider-words.ts";

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
  readonly type: ProviderType;
  readonly made: Provider | undefined;
}): ReactNode {
  const { path } = useCurrentApp();
  const edit = useEdit();
  const [isOpen, setIsOpen] = useState(false);
  const isOn = made !== undefined && !made.disabled;
  function change(wanted: boolean): void {
    if (made === undefined && type in fieldsOfProvider) {
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
          {type in fieldsOfProvider && (
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
