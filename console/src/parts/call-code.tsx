/** One call in several languages, with a button that copies it. */
import { Code, Group, Stack, Tabs } from "@mantine/core";
import { type ReactNode, useState } from "react";
import {
  type CallLanguage,
  callLanguages,
  type DataApiCall,
  writeCall,
} from "./calls-of-data-api.ts";
import { CopyButton } from "./copy-button.tsx";

export function CallCode({ made }: { readonly made: DataApiCall }): ReactNode {
  const [language, setLanguage] = useState<CallLanguage>("curl");
  const text = writeCall(language, made);
  return (
    <Stack gap={0}>
      <Group justify="space-between" wrap="nowrap">
        <Tabs
          value={language}
          onChange={(value) => {
            setLanguage((value ?? "curl") as CallLanguage);
          }}
        >
          <Tabs.List aria-label="Language">
            {callLanguages.map((each) => (
              <Tabs.Tab value={each} key={each}>
                {each}
              </Tabs.Tab>
            ))}
          </Tabs.List>
        </Tabs>
        <CopyButton text={text} label={`Copy as ${language}`} />
      </Group>
      <Code block tabIndex={0} aria-label={`The call in ${language}`}>
        {text}
      </Code>
    </Stack>
  );
}
