/** A text editor for code; CodeMirror comes when the first one is shown. */
import { Box, Loader, Text } from "@mantine/core";
import { lazy, type ReactNode, Suspense } from "react";
import type { EditorProps } from "./code-mirror.tsx";

const CodeMirror = lazy(async () => {
  const { CodeMirrorEditor } = await import("./code-mirror.tsx");
  return { default: CodeMirrorEditor };
});

export function CodeEditor(props: EditorProps): ReactNode {
  return (
    <Box>
      <Text size="sm" fw={500} mb={2}>
        {props.label}
      </Text>
      <Suspense fallback={<Loader size="sm" aria-label="Loading the editor" />}>
        <CodeMirror {...props} />
      </Suspense>
    </Box>
  );
}
