/** Which role a user has for a document, and what it lets the user do. */
import {
  Alert,
  Badge,
  Button,
  Code,
  Group,
  List,
  Paper,
  SegmentedControl,
  Stack,
  Table,
  Text,
} from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { call } from "../../api/client.ts";
import type { Explanation, Service } from "../../api/rules.ts";
import { CodeEditor } from "../../parts/code-editor.tsx";
import { RunAs } from "../../parts/run-as.tsx";
import { Failed } from "../../parts/states.tsx";
import { useKept } from "../../parts/use-kept.ts";
import { useCurrentApp } from "../../shell/current-app.ts";
import type { RulePlace } from "./places.tsx";

const operations = ["find", "insert", "update", "delete"] as const;

interface Simulation {
  readonly who: "system" | "user";
  readonly userId: string;
  readonly operation: (typeof operations)[number];
  readonly kind: "typed" | "stored";
  /** EJSON, as typed. */
  readonly document: string;
  readonly id: string;
  readonly update: string;
}

const first: Simulation = {
  who: "system",
  userId: "",
  operation: "find",
  kind: "typed",
  document: "{}",
  id: '{ "$oid": "" }',
  update: '{ "$set": {} }',
};

export function Simulator({
  service,
  place: { db, coll },
}: {
  readonly service: Service;
  readonly place: RulePlace;
}): ReactNode {
  const { path } = useCurrentApp();
  const { value: draft, set } = useKept(`simulation ${service.name} ${db}.${coll}`, first);
  const { who, userId, operation, kind, document, id, update } = draft;
  const ask = useMutation({
    mutationFn: async () =>
      call<Explanation>({
        method: "POST",
        path: `${path}/rules/explain`,
        body: {
          ...(who === "system" ? { run_as_system: true } : { user_id: userId }),
          data_source: service.name,
          database: db,
          collection: coll,
          operation,
          ...(kind === "typed"
            ? { document: JSON.parse(document) as unknown }
            : { document_id: JSON.parse(id) as unknown }),
          ...(operation === "update" && { update: JSON.parse(update) as unknown }),
        },
      }),
  });
  return (
    <Paper withBorder p="md" component="section" aria-label="Simulator">
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          What the rules that are live say. Nothing is changed.
        </Text>
        <Group align="flex-end">
          <RunAs
            kind={who}
            userId={userId}
            onChange={(next, user) => {
              set({ who: next, userId: user });
            }}
          />
          <SegmentedControl
            aria-label="Operation"
            data={[...operations]}
            value={operation}
            onChange={(next) => {
              set({ operation: next });
            }}
          />
          <SegmentedControl
            aria-label="Which document"
            data={[
              { value: "typed", label: "This document" },
              { value: "stored", label: "A stored one" },
            ]}
            value={kind}
            onChange={(next) => {
              set({ kind: next });
            }}
          />
        </Group>
        {kind === "typed" ? (
          <CodeEditor
            label="The document, as EJSON"
            language="json"
            value={document}
            onChange={(next) => {
              set({ document: next });
            }}
          />
        ) : (
          <CodeEditor
            label="Its _id, as EJSON"
            language="json"
            value={id}
            onChange={(next) => {
              set({ id: next });
            }}
            minLines={1}
          />
        )}
        {operation === "update" && (
          <CodeEditor
            label="The update"
            language="json"
            value={update}
            onChange={(next) => {
              set({ update: next });
            }}
            minLines={2}
          />
        )}
        <Group>
          <Button
            loading={ask.isPending}
            disabled={who === "user" && userId === ""}
            onClick={() => {
              ask.mutate();
            }}
          >
            Explain
          </Button>
        </Group>
        {ask.isError && <Failed cause={ask.error} />}
        {ask.data !== undefined && <Verdict explanation={ask.data} />}
      </Stack>
    </Paper>
  );
}

function titleOf(allowed: boolean | null): string {
  if (allowed === null) return "It depends on the document";
  return allowed ? "Allowed" : "Refused";
}

function colourOf(allowed: boolean | null): string {
  if (allowed === null) return "yellow";
  return allowed ? "green" : "red";
}

function Verdict({ explanation }: { readonly explanation: Explanation }): ReactNode {
  const { allowed, reason, role, roles, filters, fields, violations } = explanation;
  const pushed = explanation.pushed_filter;
  return (
    <Alert role="status" color={colourOf(allowed)} title={titleOf(allowed)}>
      <Stack gap="xs">
        <Text size="sm" className="break">
          {reason}
        </Text>
        <Table fz="sm" variant="vertical" layout="fixed">
          <Table.Tbody>
            {roles.length > 0 && (
              <Row name="Roles asked">
                <Group gap={4}>
                  {roles.map(({ name, applies }) => (
                    <Badge
                      key={name}
                      variant={name === role ? "filled" : "light"}
                      color={name === role ? "green" : "gray"}
                      tt="none"
                    >
                      {name}: {applies === null ? "depends" : applies ? "applies" : "does not"}
                    </Badge>
                  ))}
                </Group>
              </Row>
            )}
            {filters.length > 0 && <Row name="Filters added">{filters.join(", ")}</Row>}
            {pushed !== null && (
              <Row name="Sent to the store">
                <Code className="break">{pushed}</Code>
                {explanation.pushed_whole === true && (
                  <Text size="xs" c="dimmed">
                    It alone decides: no document has to be looked at.
                  </Text>
                )}
              </Row>
            )}
            {fields !== null && (
              <>
                <Row name="Fields seen">{fields.shown.join(", ") || "none"}</Row>
                <Row name="Fields hidden">{fields.hidden.join(", ") || "none"}</Row>
              </>
            )}
          </Table.Tbody>
        </Table>
        {violations.length > 0 && (
          <List size="sm">
            {violations.map(({ field, message }) => (
              <List.Item key={`${field} ${message}`} className="break">
                {field}: {message}
              </List.Item>
            ))}
          </List>
        )}
      </Stack>
    </Alert>
  );
}

function Row({
  name,
  children,
}: {
  readonly name: string;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <Table.Tr>
      <Table.Th w={150}>{name}</Table.Th>
      <Table.Td className="break">{children}</Table.Td>
    </Table.Tr>
  );
}
