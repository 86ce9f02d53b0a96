/** A call of the Data API from the page, and what came back. */
import { Alert, Code } from "@mantine/core";
import type { ReactNode } from "react";

export interface DataApiAnswer {
  readonly status: number;
  readonly ms: number;
  readonly text: string;
}

/** As a client sends it: with a key, past the admin API. */
export async function sendWithKey(url: string, key: string, body: string): Promise<DataApiAnswer> {
  const startedAt = performance.now();
  const response = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", apiKey: key },
    body,
  });
  const text = await response.text();
  return { status: response.status, ms: performance.now() - startedAt, text: pretty(text) };
}

export function DataApiAnswerView({ answer }: { readonly answer: DataApiAnswer }): ReactNode {
  const { status, ms, text } = answer;
  return (
    <Alert
      color={status < 300 ? "green" : "red"}
      title={`Answer ${status} after ${Math.round(ms)} ms`}
      role="status"
    >
      <Code block>{text}</Code>
    </Alert>
  );
}

export function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
