/** A text editor for code; CodeMirror comes when the first one is shown. */
import { Box, Loader, Text } from "@mantine/core";
import { lazy, type ReactNode, Suspense } from "react";
import type { EditorProps } from "./code-mirror.tsx";
import { useIsLocked } from "./editable.tsx";

const CodeMirror = lazy(async () => {
  const { CodeMirrorEditor } = await import("./code-mirror.tsx");
  return { default: CodeMirrorEditor };
});

export function CodeEditor({ onChange, isLabelHidden = false, ...props }: EditorProps): ReactNode {
  const isLocked = useIsLocked();
  return (
    <Box>
      {!isLabelHidden && (
        <Text size="sm" fw={600} mb={2}>
          {props.label}
        </Text>
      )}
      <Suspense fallback={<Loader size="sm" aria-label="Loading the editor" />}>
        <CodeMirror {...props} {...(!isLocked && onChange && { onChange })} />
      </Suspense>
    </Box>
  );
}
