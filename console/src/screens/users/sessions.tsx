/** How long users stay logged in, and what their tokens are signed with. */
import { Group, NumberInput, Stack, Text } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { refreshPath, refreshQuery } from "../../api/app-settings.ts";
import { call } from "../../api/client.ts";
import { ChangeButton } from "../../parts/change-button.tsx";
import { confirm } from "../../parts/confirm.tsx";
import { Editable } from "../../parts/editable.tsx";
import { Section } from "../../parts/section.tsx";
import { useAct } from "../../parts/use-act.ts";
import { useCurrentApp } from "../../shell/current-app.ts";

const dayS = 86_400;

export function Sessions(): ReactNode {
  const { path } = useCurrentApp();
  const { data: held } = useSuspenseQuery(refreshQuery(path));
  const act = useAct([path, "refresh-expiration"]);
  const [days, setDays] = useState<number | string>(held.expiration_time_seconds / dayS);
  function save(event: FormEvent): void {
    event.preventDefault();
    const seconds = Math.round(Number(days) * dayS);
    act.mutate({
      run: async () =>
        call({
          method: "PUT",
          path: `${path}${refreshPath}`,
          body: { expiration_time_seconds: seconds },
        }),
      done: "Sessions that begin from now on last so long",
    });
  }
  return (
    <Stack maw={820}>
      <Section
        title="Length of a session"
        purpose="Whoever logged in stays so, without credentials, until then. It holds at once, for sessions that begin from then on."
      >
        <form onSubmit={save}>
          <Editable>
            <Group align="flex-end">
              <NumberInput
                label="Days"
                value={days}
                min={0}
                decimalScale={4}
                onChange={setDays}
                required
              />
              <ChangeButton type="submit" loading={act.isPending}>
                Save the length
              </ChangeButton>
            </Group>
          </Editable>
        </form>
      </Section>
      <Section
        title="Signing secret"
        purpose="What tokens of the app's users are signed with. A new one is for when the old one may be known to others."
      >
        <Group>
          <ChangeButton
            variant="light"
            onClick={() => {
              rotate(false);
            }}
          >
            Make a new one
          </ChangeButton>
          <ChangeButton
            variant="light"
            color="red"
            onClick={() => {
              confirm({
                title: "End all sessions?",
                text: "A new secret is made and the old one forgotten: every user has to log in again, at once. API keys and passwords stay.",
                verb: "End all sessions",
                onConfirm: () => {
                  rotate(true);
                },
              });
            }}
          >
            Make a new one and forget the old …
          </ChangeButton>
        </Group>
        <Text size="sm" c="dimmed">
          The first lets tokens that are out run to their end.
        </Text>
      </Section>
    </Stack>
  );

  function rotate(forgetsOld: boolean): void {
    act.mutate({
      run: async () =>
        call({
          method: "POST",
          path: `${path}/security/rotate_signing_secret`,
          body: { forget_old: forgetsOld },
        }),
      done: forgetsOld ? "All sessions are ended" : "New tokens are signed with a new secret",
    });
  }
}
