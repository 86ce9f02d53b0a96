/** A document as canonical EJSON, so that every type can be seen, made and kept. */
import { Alert, Button, Code, Group, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { act, type EjsonDocument, numberOf, type Place } from "../../api/data.ts";
import { CodeEditor } from "../../parts/code-editor.tsx";
import { sayDone } from "../../parts/notice.ts";

const wrappers: readonly string[] = [
  "$oid",
  "$numberInt",
  "$numberLong",
  "$numberDouble",
  "$numberDecimal",
  "$date",
  "$binary",
  "$uuid",
  "$timestamp",
  "$regularExpression",
  "$minKey",
  "$maxKey",
];

export function DocumentEditor({
  place,
  former,
  model,
  onDone,
}: {
  readonly place: Place;
  /** Undefined where one is inserted. */
  readonly former: EjsonDocument | undefined;
  /** Whose fields a new one begins with. */
  readonly model: EjsonDocument | undefined;
  readonly onDone: () => void;
}): ReactNode {
  const client = useQueryClient();
  const [text, setText] = useState(() => firstText(former, model));
  const save = useMutation({
    mutationFn: async () => {
      const document = JSON.parse(text) as EjsonDocument;
      if (former === undefined) await act(place, "insertOne", { document });
      else await replace(place, former, document);
    },
    onSuccess: () => {
      sayDone(former === undefined ? "The document is inserted" : "The document is saved");
      onDone();
    },
    onSettled: async () => client.invalidateQueries({ queryKey: [place.source] }),
  });
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        Types are written as EJSON: <Code>{'{"$numberLong": "1"}'}</Code>,{" "}
        <Code>{'{"$date": "2026-01-31T12:00:00Z"}'}</Code>, <Code>{'{"$oid": "…"}'}</Code>. A whole
        number alone is an Int32, one with a point a Double.
      </Text>
      <CodeEditor
        label="Document"
        language="json"
        value={text}
        onChange={setText}
        minLines={12}
        maxLines={32}
        words={wrappers}
      />
      {save.isError && (
        <Alert color="red" title="Not saved" role="alert" className="break">
          {save.error.message}
        </Alert>
      )}
      <Group>
        <Button
          loading={save.isPending}
          onClick={() => {
            save.mutate();
          }}
        >
          {former === undefined ? "Insert" : "Save"}
        </Button>
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
      </Group>
    </Stack>
  );
}

function firstText(former: EjsonDocument | undefined, model: EjsonDocument | undefined): string {
  if (former !== undefined) return JSON.stringify(former, null, 2);
  if (model === undefined) return "{\n  \n}";
  const { _id: _, ...others } = model;
  return JSON.stringify(others, null, 2);
}

/** Only where it still is what was shown: what others changed meanwhile must not be undone. */
async function replace(place: Place, former: EjsonDocument, next: EjsonDocument): Promise<void> {
  const unchanged = {
    $expr: { $eq: ["$$ROOT", { $literal: former }] },
    _id: former["_id"],
  };
  const answer = await act<EjsonDocument>(place, "replaceOne", {
    filter: unchanged,
    replacement: next,
  });
  if (numberOf(answer["matchedCount"]) > 0) return;
  throw new Error(
    "Somebody changed or deleted this document since it was read. Copy your text, close, and look at it again.",
  );
}
