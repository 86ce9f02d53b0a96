import { Alert, Code, List, Text } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { appDirectoryQuery } from "../../api/drafts.ts";
import { useCurrentApp } from "../../shell/current-app.ts";

/** Where deployments are written to as well, and what could not be. */
export function DirectoryNotice(): ReactNode {
  const { path } = useCurrentApp();
  const { data: linked } = useSuspenseQuery(appDirectoryQuery(path));
  const { served, directory, written, watched, left = [] } = linked;
  if (!served) return null;
  if (left.length > 0)
    return (
      <Alert color="orange" title="The app directory differs from what is live">
        <Text size="sm">
          These files were changed on disk as well, and were left as they are in{" "}
          <Code className="break">{directory}</Code>. What was deployed is in the history.
        </Text>
        <List size="sm" mt={4}>
          {left.map((file) => (
            <List.Item key={file} className="mono break">
              {file}
            </List.Item>
          ))}
        </List>
      </Alert>
    );
  return (
    <Text size="sm" c="dimmed">
      {written === true ? "Deployments are written into" : "Served from"}{" "}
      <Code className="break">{directory}</Code>
      {watched === true && "; what is saved there is deployed"}.
    </Text>
  );
}
