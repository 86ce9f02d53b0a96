import { Group, Stack, Textarea } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { call } from "../../api/client.ts";
import { originsQuery } from "../../api/settings.ts";
import { ChangeButton } from "../../parts/change-button.tsx";
import { Editable } from "../../parts/editable.tsx";
import { Section } from "../../parts/section.tsx";
import { useEdit } from "../../parts/use-edit.ts";
import { useCurrentApp } from "../../shell/current-app.ts";

export function Origins(): ReactNode {
  const { path } = useCurrentApp();
  const { data: origins } = useSuspenseQuery(originsQuery(path));
  const edit = useEdit();
  const [text, setText] = useState(() => origins.join("\n"));
  function save(event: FormEvent): void {
    event.preventDefault();
    const body = text.split(/\s+/).filter((each) => each !== "");
    edit.mutate({
      run: async () =>
        call({ method: "POST", path: `${path}/security/allowed_request_origins`, body }),
      done: "The origins are saved",
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
                setText(event.currentTarget.value);
              }}
            />
            <Group>
              <ChangeButton type="submit" loading={edit.isPending}>
                Save the origins
              </ChangeButton>
            </Group>
          </Stack>
        </Editable>
      </form>
    </Section>
  );
}
