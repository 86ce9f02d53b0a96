/** A page of documents by a query; to look at, to change, to remove. */
import { Group, SegmentedControl, Select, Stack, Text } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type ReactNode, useMemo, useState } from "react";
import type { BrowsedDocument, Place, Query } from "../../api/data.ts";
import { ChangeButton } from "../../parts/change-button.tsx";
import { Failed, Waiting } from "../../parts/states.tsx";
import { useMayChange } from "../../shell/may-change.ts";
import type { DocumentActions } from "./document-actions.tsx";
import { DocumentCards } from "./document-cards.tsx";
import { type Editing, EditorWindow } from "./document-editor.tsx";
import { DocumentTable } from "./document-table.tsx";
import { DocumentTree } from "./document-tree.tsx";
import { ExplainWindow } from "./explain.tsx";
import { NoDocument } from "./no-document.tsx";
import { PageBar } from "./page-bar.tsx";
import { QueryBar } from "./query-bar.tsx";
import { queryParts, queryTextOf } from "./query-text.ts";
import { useRemoving } from "./removing.ts";
import { usePage } from "./use-page.ts";

const nothingAsked = Object.fromEntries(queryParts.map((part) => [part, undefined]));
const pageSizes = ["50", "200", "1000"] as const;

export function Documents({ place }: { readonly place: Place }): ReactNode {
  const search = useSearch({ strict: false }) as Readonly<Record<string, unknown>>;
  const navigate = useNavigate();
  const set = (changes: object): void => {
    void navigate({ to: ".", search: (former: object) => ({ ...former, ...changes }) });
  };
  const { view, size } = shapeOf(search);
  const text = queryTextOf(search);
  const found = usePage(place, text, Number(size));
  const [editing, setEditing] = useState<Editing>();
  const [explained, setExplained] = useState<Query>();
  const remove = useRemoving(place);
  const { page, rows, fields, problems } = found;
  const mayChange = useMayChange();
  // The same from one time to the next: rows are drawn again only for other documents.
  const actions = useMemo(
    (): DocumentActions => ({
      mayChange,
      onEdit: ({ id }) => {
        setEditing({ id });
      },
      onClone: ({ id }) => {
        setEditing({ model: id });
      },
      onDelete: remove.one,
    }),
    [mayChange, remove],
  );
  const isFiltered = text.filter !== undefined;
  return (
    <Stack gap="sm">
      <QueryBar
        place={place}
        text={text}
        fields={fields}
        onRun={(next) => {
          set({ ...nothingAsked, ...next });
          if (JSON.stringify(next) === JSON.stringify(text)) void page.refetch();
        }}
        onExplain={setExplained}
      />
      {[...problems].map(([part, problem]) => (
        <Failed key={part} cause={new Error(`The ${part} is no EJSON, ${problem}`)} />
      ))}
      <Toolbar
        view={view}
        size={size}
        onView={(chosen) => {
          set({ view: chosen });
        }}
        onSize={(chosen) => {
          set({ size: chosen });
        }}
        onInsert={() => {
          setEditing({});
        }}
        onDeleteAll={
          isFiltered && (found.total ?? 0) > 0
            ? () => {
                remove.many(found.query);
              }
            : undefined
        }
      />
      {page.isLoading && <Waiting />}
      {page.isError && <Failed cause={page.error} again={() => void page.refetch()} />}
      {page.isSuccess && rows.length === 0 && (
        <NoDocument
          isAsked={Object.keys(text).length > 0}
          onInsert={() => {
            setEditing({});
          }}
          onReset={() => {
            set(nothingAsked);
          }}
          onImport={() => {
            set({ tab: "transfer" });
          }}
        />
      )}
      <Rows
        rows={rows}
        page={page.data?.name ?? ""}
        isWaiting={page.isPlaceholderData}
        view={view}
        actions={actions}
      />
      <PageBar
        first={found.first}
        shown={rows.length}
        total={found.total}
        isBusy={page.isFetching}
        isFirst={found.number === 0}
        onFirst={found.onFirst}
        onBack={found.onBack}
        onNext={found.onNext}
      />
      {explained !== undefined && (
        <ExplainWindow
          place={place}
          query={explained}
          onClose={() => {
            setExplained(undefined);
          }}
        />
      )}
      {editing !== undefined && (
        <EditorWindow
          place={place}
          editing={editing}
          fields={fields}
          onClose={() => {
            setEditing(undefined);
          }}
        />
      )}
    </Stack>
  );
}

/** How documents are shown, as the address has it. */
function shapeOf(search: Readonly<Record<string, unknown>>): {
  readonly view: string;
  readonly size: (typeof pageSizes)[number];
} {
  return {
    view: typeof search["view"] === "string" ? search["view"] : "cards",
    size: pageSizes.find((each) => each === String(search["size"] as string | undefined)) ?? "50",
  };
}

function Toolbar({
  view,
  size,
  onView,
  onSize,
  onInsert,
  onDeleteAll,
}: {
  readonly view: string;
  readonly size: string;
  readonly onView: (view: string) => void;
  readonly onSize: (size: string) => void;
  readonly onInsert: () => void;
  readonly onDeleteAll: (() => void) | undefined;
}): ReactNode {
  return (
    <Group justify="space-between" gap="xs">
      <Group gap="xs">
        <ChangeButton size="xs" onClick={onInsert}>
          Insert
        </ChangeButton>
        {onDeleteAll !== undefined && (
          <ChangeButton size="xs" variant="subtle" color="red" onClick={onDeleteAll}>
            Delete all that match …
          </ChangeButton>
        )}
      </Group>
      <Group gap="xs">
        <Group gap={6}>
          <Text size="xs" c="dimmed">
            on a page
          </Text>
          <Select
            size="xs"
            w={84}
            aria-label="Documents on a page"
            data={[...pageSizes]}
            value={size}
            allowDeselect={false}
            onChange={(chosen) => {
              if (chosen !== null) onSize(chosen);
            }}
          />
        </Group>
        <SegmentedControl
          size="xs"
          aria-label="How documents are shown"
          data={[
            { value: "cards", label: "Cards" },
            { value: "table", label: "Table" },
            { value: "tree", label: "Tree" },
          ]}
          value={view}
          onChange={onView}
        />
      </Group>
    </Group>
  );
}

function Rows({
  rows,
  page,
  isWaiting,
  view,
  actions,
}: {
  readonly rows: readonly BrowsedDocument[];
  /** Tells pages apart: another one begins at its top. */
  readonly page: string;
  /** Whether the rows are those of the page before. */
  readonly isWaiting: boolean;
  readonly view: string;
  readonly actions: DocumentActions;
}): ReactNode {
  if (rows.length === 0) return null;
  return (
    <div className={isWaiting ? "waiting" : undefined}>
      {view === "table" ? (
        <DocumentTable rows={rows} page={page} actions={actions} />
      ) : view === "tree" ? (
        <DocumentTree key={page} rows={rows} actions={actions} />
      ) : (
        <DocumentCards key={page} rows={rows} actions={actions} />
      )}
    </div>
  );
}
