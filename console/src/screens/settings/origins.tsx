import { Group, Stack, Textarea } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import type { FormEvent, ReactNode } from "react";
import { call } from "../../api/client.ts";
import { originsQuery } from "../../api/settings.ts";
import { ChangeButton } from "../../parts/change-button.tsx";
import { Editable } from "../../parts/editable.tsx";
import { Section } from "../../parts/section.tsx";
import { Unsaved } from "../../parts/unsaved.tsx";
import { useEdit } from "../../parts/use-edit.ts";
import { useKept } from "../../parts/use-kept.ts";
import { useCurrentApp } from "../../shell/current-app.ts";

export function Origins(): ReactNode {
  const { path } = useCurrentApp();
  const { data: origins } = useSuspenseQuery(originsQuery(path));
  const edit = useEdit();
  const saved = origins.join("\n");
  const { value: typed, set, reset, forget } = useKept("origins", { text: saved });
  const { text } = typed;
  function save(event: FormEvent): void {
    event.preventDefault();
    const body = text.split(/\s+/).filter((each) => each !== "");
    edit.mutate({
      run: async () =>
        call({ method: "POST", path: `${path}/security/allowed_request_origins`, body }),
      done: "The origins are saved",
      after: forget,
    });
  }
  return (
    <Section
      title="Allowed origins"
      purpose="Pages of these may call the app from a browser; where there is none, pages of all."
    >
      <form onSubmit={save}>
        <Editable>
          <Stack>
            <Textarea
              label="Origins, one a line"
              placeholder="https://shop.example.org"
              value={text}
              autosize
              minRows={2}
              onChange={(event) => {
                set({ text: event.currentTarget.value });
              }}
            />
            <Group>
              <ChangeButton type="submit" loading={edit.isPending}>
                Save the origins
              </ChangeButton>
              {text !== saved && <Unsaved onDiscard={reset} />}
            </Group>
          </Stack>
        </Editable>
      </form>
    </Section>
  );
}
