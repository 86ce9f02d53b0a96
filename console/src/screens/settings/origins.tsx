import { Button, Group, Paper, Stack, Text, Textarea, Title } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { call } from "../../api/client.ts";
import { originsQuery } from "../../api/settings.ts";
import { useAct } from "../../parts/use-act.ts";
import { useCurrentApp } from "../../shell/current-app.ts";

export function Origins(): ReactNode {
  const { path } = useCurrentApp();
  const { data: origins } = useSuspenseQuery(originsQuery(path));
  const act = useAct([path]);
  const [text, setText] = useState(() => origins.join("\n"));
  function save(event: FormEvent): void {
    event.preventDefault();
    const body = text.split(/\s+/).filter((each) => each !== "");
    act.mutate({
      run: async () =>
        call({ method: "POST", path: `${path}/security/allowed_request_origins`, body }),
      done: "The origins hold from now on",
    });
  }
  return (
    <Paper withBorder p="lg" component="section" aria-label="Allowed origins">
      <form onSubmit={save}>
        <Stack>
          <Title order={2} size="h4">
            Allowed origins
          </Title>
          <Text size="sm" c="dimmed">
            Pages of these may call the app from a browser; where there is none, pages of all.
          </Text>
          <Textarea
            label="Origins, one a line"
            placeholder="https://shop.example.org"
            value={text}
            autosize
            minRows={2}
            onChange={(event) => {
              setText(event.currentTarget.value);
            }}
          />
          <Group>
            <Button type="submit" loading={act.isPending}>
              Save the origins
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}
