/** A request to the endpoint, as a client would send it. */
import {
  Alert,
  Button,
  Code,
  Group,
  SimpleGrid,
  Stack,
  Text,
  Textarea,
  TextInput,
  Title,
} from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { serverBase } from "../../api/client.ts";
import { draftsQuery } from "../../api/drafts.ts";
import type { Endpoint } from "../../api/parts-of-app.ts";
import { useCurrentApp } from "../../shell/current-app.ts";

interface Answer {
  readonly status: number;
  readonly headers: string;
  readonly body: string;
  readonly ms: number;
}

export function TestRequest({ endpoint }: { readonly endpoint: Endpoint }): ReactNode {
  const app = useCurrentApp();
  const { data: drafts = [] } = useQuery(draftsQuery(app.path));
  const method = endpoint.http_method === "*" ? "POST" : endpoint.http_method;
  const hasBody = method !== "GET";
  const [query, setQuery] = useState("");
  const [key, setKey] = useState("");
  const [body, setBody] = useState("{}");
  const url = `${serverBase}/app/${app.client_app_id}/endpoint${endpoint.route}${query === "" ? "" : `?${query}`}`;
  const send = useMutation({
    mutationFn: async (): Promise<Answer> => {
      const startedAt = performance.now();
      const response = await fetch(url, {
        method,
        headers: {
          ...(hasBody && { "Content-Type": "application/json" }),
          ...(key !== "" && { apiKey: key }),
        },
        ...(hasBody && { body }),
      });
      const text = await response.text();
      return {
        status: response.status,
        headers: [...response.headers].map(([name, value]) => `${name}: ${value}`).join("\n"),
        body: text,
        ms: performance.now() - startedAt,
      };
    },
  });
  return (
    <Stack gap="sm" mt="lg" component="section" aria-label="Try it">
      <Title order={3} size="h5">
        Try it
      </Title>
      {drafts.some(({ own, revision }) => own && revision > 0) && (
        <Text size="sm" c="dimmed">
          What answers is what is live: your draft is not, until you deploy it.
        </Text>
      )}
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput
          label="Query"
          placeholder="name=value&…"
          value={query}
          onChange={(event) => {
            setQuery(event.currentTarget.value);
          }}
        />
        <TextInput
          label="API key"
          description="Not needed where the function runs as system"
          value={key}
          onChange={(event) => {
            setKey(event.currentTarget.value);
          }}
        />
      </SimpleGrid>
      {hasBody && (
        <Textarea
          label="Body"
          value={body}
          autosize
          minRows={2}
          onChange={(event) => {
            setBody(event.currentTarget.value);
          }}
          styles={{ input: { fontFamily: "var(--petiole-mono)" } }}
        />
      )}
      <Group>
        <Button
          variant="light"
          onClick={() => {
            send.mutate();
          }}
          loading={send.isPending}
        >
          Send the request
        </Button>
        <Code className="break">
          {method} {url}
        </Code>
      </Group>
      {send.isError && (
        <Alert color="red" role="alert">
          {send.error.message}
        </Alert>
      )}
      {send.data !== undefined && (
        <Alert
          color={send.data.status < 400 ? "green" : "red"}
          title={`Answer ${send.data.status} after ${Math.round(send.data.ms)} ms`}
          role="status"
        >
          <Code block>{send.data.headers}</Code>
          <Code block>{send.data.body === "" ? "(no body)" : send.data.body}</Code>
        </Alert>
      )}
    </Stack>
  );
}
