/** A request to the endpoint, as a client would send it. */
import {
  Alert,
  Anchor,
  Button,
  Code,
  Group,
  Select,
  SimpleGrid,
  Stack,
  Text,
  Textarea,
  Title,
} from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { serverBase } from "../../api/client.ts";
import { draftsQuery } from "../../api/drafts.ts";
import { type Endpoint, methods } from "../../api/parts-of-app.ts";
import { CopyButton } from "../../parts/copy-button.tsx";
import { pretty } from "../../parts/data-api-request.tsx";
import { SecretField, TextField } from "../../parts/fields.tsx";
import { useKept } from "../../parts/use-kept.ts";
import { useCurrentApp } from "../../shell/current-app.ts";
import {
  type Answer,
  makeRequest,
  type RequestDraft,
  send,
  type SentRequest,
  toCurl,
} from "./sent-request.ts";

const mono = { input: { fontFamily: "var(--petiole-mono)" } };

export function TestRequest({ endpoint }: { readonly endpoint: Endpoint }): ReactNode {
  const app = useCurrentApp();
  const { data: drafts = [] } = useQuery(draftsQuery(app.path));
  const { value: draft, set } = useKept(`request ${endpoint._id}`, {
    method: "POST",
    query: "",
    headers: "",
    body: "{}",
  });
  // Neither is kept.
  const [key, setKey] = useState("");
  const [secret, setSecret] = useState("");
  const sending = useMutation({
    mutationFn: async (): Promise<{ readonly request: SentRequest; readonly answer: Answer }> => {
      const base = `${serverBase}/app/${app.client_app_id}/endpoint`;
      const typed: RequestDraft = { ...draft, key };
      const request = await makeRequest(base, endpoint, typed, secret);
      return { request, answer: await send(request) };
    },
  });
  const isAny = endpoint.http_method === "*";
  const method = isAny ? draft.method : endpoint.http_method;
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
        {isAny && (
          <Select
            label="Method of the request"
            data={methods.filter((each) => each !== "*")}
            value={draft.method}
            allowDeselect={false}
            onChange={(next) => {
              if (next !== null) set({ method: next });
            }}
          />
        )}
        <TextField
          label="Query"
          placeholder="name=value&…"
          value={draft.query}
          onChange={(query) => {
            set({ query });
          }}
        />
        <TextField
          label="API key"
          description="Not needed where the function runs as system"
          value={key}
          onChange={setKey}
        />
        {endpoint.validation_method !== "NO_VALIDATION" && (
          <SecretField
            label="Value of the secret"
            description={
              endpoint.validation_method === "VERIFY_PAYLOAD"
                ? "The body is signed with it, here in the browser"
                : "Sent in the address"
            }
            value={secret}
            onChange={setSecret}
          />
        )}
      </SimpleGrid>
      <Textarea
        label="Headers, one a line"
        placeholder="Authorization: Bearer …"
        value={draft.headers}
        autosize
        minRows={1}
        styles={mono}
        onChange={(event) => {
          set({ headers: event.currentTarget.value });
        }}
      />
      {method !== "GET" && (
        <Textarea
          label="Body"
          value={draft.body}
          autosize
          minRows={2}
          styles={mono}
          onChange={(event) => {
            set({ body: event.currentTarget.value });
          }}
        />
      )}
      <Group>
        <Button
          variant="light"
          onClick={() => {
            sending.mutate();
          }}
          loading={sending.isPending}
        >
          Send the request
        </Button>
        <Code className="break">
          {method} {serverBase}/app/{app.client_app_id}/endpoint{endpoint.route}
        </Code>
      </Group>
      {sending.isError && (
        <Alert color="red" role="alert" title="It could not be sent">
          {sending.error.message}
        </Alert>
      )}
      {sending.data !== undefined && <AnswerView {...sending.data} />}
    </Stack>
  );
}

function AnswerView({
  request,
  answer: { status, ms, headers, body, logId },
}: {
  readonly request: SentRequest;
  readonly answer: Answer;
}): ReactNode {
  const app = useCurrentApp();
  return (
    <Alert
      color={status < 400 ? "green" : "red"}
      title={`Answer ${status} after ${Math.round(ms)} ms`}
      role="status"
    >
      <Stack gap="xs">
        <Group gap="xs">
          <Anchor
            size="sm"
            renderRoot={(props: object) => (
              <Link to={`/apps/${app._id}/logs`} search={{ entry: logId }} {...props} />
            )}
          >
            Its log entry
          </Anchor>
          <CopyButton text={toCurl(request)} label="Copy the request as curl" />
        </Group>
        <Code block tabIndex={0} aria-label="Body of the answer">
          {body === "" ? "(no body)" : pretty(body)}
        </Code>
        <Code block tabIndex={0} aria-label="Headers of the answer">
          {headers}
        </Code>
      </Stack>
    </Alert>
  );
}
