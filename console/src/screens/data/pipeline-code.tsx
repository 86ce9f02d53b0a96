/** A pipeline as a call of the Data API, or as code for a driver. */
import { Code, Group, Paper, Stack, Tabs, Title } from "@mantine/core";
import { type ReactNode, useState } from "react";
import type { Place } from "../../api/data.ts";
import { serverBase } from "../../api/client.ts";
import { printForPeople } from "../../ejson/print.ts";
import { type Ejson, toEjson } from "../../ejson/value.ts";
import { writeCall } from "../../parts/calls-of-data-api.ts";
import { CopyButton } from "../../parts/copy-button.tsx";
import { useCurrentApp } from "../../shell/current-app.ts";
import { writeDriverCode } from "./driver-code.ts";

const languages = ["curl", "JavaScript", "Python", "Node.js driver", "PyMongo"] as const;
type Language = (typeof languages)[number];

export function PipelineCode({
  place,
  pipeline,
}: {
  readonly place: Place;
  readonly pipeline: readonly Ejson[];
}): ReactNode {
  const app = useCurrentApp();
  const [language, setLanguage] = useState<Language>("curl");
  const text = write(language, place, pipeline, app.client_app_id);
  return (
    <Paper withBorder p="sm" component="section" aria-label="The pipeline as code">
      <Stack gap="xs">
        <Group justify="space-between" wrap="nowrap">
          <Title order={3} size="h5">
            As code
          </Title>
          <CopyButton text={text} label={`Copy as ${language}`} />
        </Group>
        <Tabs
          value={language}
          onChange={(value) => {
            setLanguage((value ?? "curl") as Language);
          }}
        >
          <Tabs.List aria-label="Language">
            {languages.map((each) => (
              <Tabs.Tab value={each} key={each}>
                {each}
              </Tabs.Tab>
            ))}
          </Tabs.List>
        </Tabs>
        <Code block tabIndex={0} mah={400} style={{ overflow: "auto" }} aria-label="Code">
          {text}
        </Code>
      </Stack>
    </Paper>
  );
}

function write(
  language: Language,
  { source, database, collection }: Place,
  pipeline: readonly Ejson[],
  appId: string,
): string {
  if (language === "Node.js driver" || language === "PyMongo")
    return writeDriverCode(language, { database, collection, pipeline });
  const dataSource = decodeURIComponent(source.slice(source.lastIndexOf("/") + 1));
  return writeCall(language, {
    url: `${serverBase}/app/${appId}/endpoint/data/v1/action/aggregate`,
    key: "<API key>",
    body: printForPeople(toEjson({ dataSource, database, collection, pipeline })),
  });
}
