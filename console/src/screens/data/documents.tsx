/** A page of documents by a query; to look at, to change, to remove. */
import { Button, Code, Group, Modal, SegmentedControl, Stack, Text } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import {
  act,
  countQuery,
  documentsQuery,
  type EjsonDocument,
  type Place,
  type Query,
} from "../../api/data.ts";
import { confirm } from "../../parts/confirm.tsx";
import { Empty, Failed, Waiting } from "../../parts/states.tsx";
import { useAct } from "../../parts/use-act.ts";
import { DocumentCards } from "./document-cards.tsx";
import { DocumentEditor } from "./document-editor.tsx";
import { DocumentTable } from "./document-table.tsx";
import { QueryBar } from "./query-bar.tsx";
import { type QueryText, readQuery } from "./query-text.ts";

const pageSize = 50;

export function Documents({ place }: { readonly place: Place }): ReactNode {
  const search = useSearch({ strict: false }) as DocumentsSearch;
  const navigate = useNavigate();
  const set = (changes: object): void => {
    void navigate({ to: ".", search: (former: object) => ({ ...former, ...changes }) });
  };
  const { skip = 0, view = "cards" } = search;
  const read = readQuery(search);
  const query: Query = { ...read.query, skip, limit: pageSize };
  const page = useQuery({ ...documentsQuery(place, query), placeholderData: keepPreviousData });
  const count = useQuery(countQuery(place, read.query.filter ?? {}));
  const [editing, setEditing] = useState<Editing>();
  const remove = useRemoving(place);
  const rows = page.data ?? [];
  return (
    <Stack gap="sm">
      <QueryBar
        place={place}
        text={search}
        onRun={(text) => {
          const none = { filter: undefined, sort: undefined, projection: undefined };
          set({ ...none, ...text, skip: undefined });
        }}
      />
      {read.problem !== undefined && <Failed cause={new Error(read.problem)} />}
      <Toolbar
        view={view}
        onView={(chosen) => {
          set({ view: chosen });
        }}
        onInsert={() => {
          setEditing({});
        }}
        onDeleteAll={
          search.filter === undefined || (count.data ?? 0) === 0
            ? undefined
            : () => {
                remove.many(read.query.filter ?? {}, count.data ?? 0);
              }
        }
      />
      {page.isPending && <Waiting />}
      {page.isError && <Failed cause={page.error} again={() => void page.refetch()} />}
      {page.isSuccess && rows.length === 0 && (
        <Empty title="No document">
          {search.filter === undefined ? "Insert the first one." : "None matches the filter."}
        </Empty>
      )}
      <Rows rows={rows} view={view} onEditing={setEditing} onDelete={remove.one} />
      <Pages
        skip={skip}
        shown={rows.length}
        count={count.data}
        onSkip={(next) => {
          set({ skip: next === 0 ? undefined : next });
        }}
      />
      {editing !== undefined && (
        <EditorWindow
          place={place}
          editing={editing}
          onClose={() => {
            setEditing(undefined);
          }}
        />
      )}
    </Stack>
  );
}

interface DocumentsSearch extends QueryText {
  readonly skip?: number;
  readonly view?: string;
}

/** Neither: a new document. */
interface Editing {
  readonly former?: EjsonDocument;
  readonly model?: EjsonDocument;
}

function useRemoving(place: Place): {
  readonly one: (document: EjsonDocument) => void;
  readonly many: (filter: unknown, count: number) => void;
} {
  const change = useAct([place.source]);
  return {
    one(document) {
      confirm({
        title: "Delete this document?",
        text: `_id: ${JSON.stringify(document["_id"])}`,
        verb: "Delete",
        onConfirm: () => {
          change.mutate({
            run: async () => act(place, "deleteOne", { filter: { _id: document["_id"] } }),
            done: "The document is deleted",
          });
        },
      });
    },
    many(filter, count) {
      confirm({
        title: `Delete ${count.toLocaleString()} documents?`,
        text: "All that match the filter, on every page. This can not be undone.",
        verb: "Delete them",
        onConfirm: () => {
          change.mutate({
            run: async () => act(place, "deleteMany", { filter }),
            done: "They are deleted",
          });
        },
      });
    },
  };
}

function Toolbar({
  view,
  onView,
  onInsert,
  onDeleteAll,
}: {
  readonly view: string;
  readonly onView: (view: string) => void;
  readonly onInsert: () => void;
  readonly onDeleteAll: (() => void) | undefined;
}): ReactNode {
  return (
    <Group justify="space-between">
      <Group gap="xs">
        <Button size="xs" onClick={onInsert}>
          Insert
        </Button>
        {onDeleteAll !== undefined && (
          <Button size="xs" variant="subtle" color="red" onClick={onDeleteAll}>
            Delete all that match …
          </Button>
        )}
      </Group>
      <SegmentedControl
        size="xs"
        aria-label="How documents are shown"
        data={[
          { value: "cards", label: "Cards" },
          { value: "table", label: "Table" },
          { value: "json", label: "EJSON" },
        ]}
        value={view}
        onChange={onView}
      />
    </Group>
  );
}

function Rows({
  rows,
  view,
  onEditing,
  onDelete,
}: {
  readonly rows: readonly EjsonDocument[];
  readonly view: string;
  readonly onEditing: (editing: Editing) => void;
  readonly onDelete: (document: EjsonDocument) => void;
}): ReactNode {
  const edit = (former: EjsonDocument): void => {
    onEditing({ former });
  };
  if (rows.length === 0) return null;
  if (view === "table") return <DocumentTable rows={rows} onEdit={edit} />;
  if (view === "json")
    return (
      <Code block tabIndex={0} aria-label="Documents as EJSON">
        {JSON.stringify(rows, null, 2)}
      </Code>
    );
  return (
    <DocumentCards
      rows={rows}
      onEdit={edit}
      onClone={(model) => {
        onEditing({ model });
      }}
      onDelete={onDelete}
    />
  );
}

function EditorWindow({
  place,
  editing,
  onClose,
}: {
  readonly place: Place;
  readonly editing: Editing;
  readonly onClose: () => void;
}): ReactNode {
  const { former, model } = editing;
  return (
    <Modal
      opened
      onClose={onClose}
      title={former === undefined ? "Insert a document" : "Edit the document"}
      size="xl"
    >
      <DocumentEditor place={place} former={former} model={model} onDone={onClose} />
    </Modal>
  );
}

function Pages({
  skip,
  shown,
  count,
  onSkip,
}: {
  readonly skip: number;
  readonly shown: number;
  readonly count: number | undefined;
  readonly onSkip: (skip: number) => void;
}): ReactNode {
  if (skip === 0 && shown < pageSize) return null;
  return (
    <Group justify="center" gap="sm">
      <Button
        size="xs"
        variant="default"
        disabled={skip === 0}
        onClick={() => {
          onSkip(Math.max(0, skip - pageSize));
        }}
      >
        Back
      </Button>
      <Text size="sm">
        {skip + 1} – {skip + shown}
        {count === undefined ? "" : ` of ${count.toLocaleString()}`}
      </Text>
      <Button
        size="xs"
        variant="default"
        disabled={shown < pageSize}
        onClick={() => {
          onSkip(skip + pageSize);
        }}
      >
        Next
      </Button>
    </Group>
  );
}
