/** Some JSON, with a form beside it: both show the same, and each changes it. */
import { Alert, Grid, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { messageOf } from "../api/failure.ts";
import { CodeEditor } from "./code-editor.tsx";

export type ReadJson =
  | { readonly isWell: true; readonly value: unknown }
  | { readonly isWell: false; readonly reason: string };

export function FormAndJson({
  label,
  text,
  onChange,
  form,
  words,
}: {
  /** Of the editor. */
  readonly label: string;
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly form: (value: unknown, change: (value: unknown) => void) => ReactNode;
  /** Offered while one types. */
  readonly words?: readonly string[];
}): ReactNode {
  const read = readJson(text);
  return (
    <Grid>
      <Grid.Col span={{ base: 12, lg: 6 }}>
        {read.isWell ? (
          form(read.value, (next) => {
            onChange(printJson(next));
          })
        ) : (
          <Alert color="yellow" title="The JSON is not whole yet">
            <Text size="sm">{read.reason}</Text>
          </Alert>
        )}
      </Grid.Col>
      <Grid.Col span={{ base: 12, lg: 6 }}>
        <CodeEditor
          label={label}
          language="json"
          value={text}
          onChange={onChange}
          minLines={12}
          maxLines={40}
          {...(words && { words })}
        />
      </Grid.Col>
    </Grid>
  );
}

export function printJson(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

export function readJson(text: string): ReadJson {
  try {
    return { isWell: true, value: JSON.parse(text) as unknown };
  } catch (cause) {
    return { isWell: false, reason: messageOf(cause) };
  }
}
