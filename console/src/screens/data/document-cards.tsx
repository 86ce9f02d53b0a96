import { Badge, Button, Group, Paper } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { memo, type ReactNode, useState } from "react";
import type { BrowsedDocument } from "../../api/data.ts";
import { toLine, toShown, typeOfShown } from "../../ejson/shown.ts";
import { EjsonObject, type Ejson, isEjsonArray } from "../../ejson/value.ts";
import { ActionsOfDocument, type DocumentActions } from "./document-actions.tsx";
import { RowList } from "./row-list.tsx";
import { FieldName, sizeText, TypeName, ValueView } from "./value-view.tsx";

/** Fields of one level that are shown before one asks for more. */
const fieldsMax = 30;
const opensUpTo = 6;

export function DocumentCards({
  rows,
  actions,
}: {
  readonly rows: readonly BrowsedDocument[];
  readonly actions: DocumentActions;
}): ReactNode {
  return (
    <RowList
      label="Documents"
      count={rows.length}
      estimate={220}
      gap={8}
      keyOf={(at) => keyOfRow(rows[at], at)}
    >
      {(at) => {
        const row = rows[at];
        return row === undefined ? null : <DocumentCard row={row} actions={actions} />;
      }}
    </RowList>
  );
}

function keyOfRow(row: BrowsedDocument | undefined, at: number): string {
  return `${at} ${toLine(row?.id)}`;
}

/** Drawn again only for another document. */
const DocumentCard = memo(function DocumentCard({
  row,
  actions,
}: {
  readonly row: BrowsedDocument;
  readonly actions: DocumentActions;
}): ReactNode {
  return (
    <Paper withBorder p="sm" component="article" aria-label={`Document ${toLine(row.id)}`}>
      <Fields value={row.document} depth={0} />
      <Group gap={4} justify="space-between" mt={4}>
        {row.isCut ? <CutMark bytes={row.bytes} /> : <span />}
        <ActionsOfDocument row={row} actions={actions} hasCopy />
      </Group>
    </Paper>
  );
});

export function CutMark({ bytes }: { readonly bytes: number }): ReactNode {
  return (
    <Badge variant="light" color="yellow" tt="none" title="Edit shows the whole document">
      Only the beginning of {sizeText(bytes)}
    </Badge>
  );
}

export function DocumentFields({ document }: { readonly document: EjsonObject }): ReactNode {
  return <Fields value={document} depth={0} />;
}

function Fields({ value, depth }: { readonly value: Ejson; readonly depth: number }): ReactNode {
  const [most, setMost] = useState(fieldsMax);
  const entries = entriesOf(value);
  return (
    <>
      {entries.slice(0, most).map(([name, inner], at) => (
        <Field key={`${at} ${name.slice(0, 40)}`} name={name} value={inner} depth={depth} />
      ))}
      {entries.length > most && (
        <Button
          size="compact-xs"
          variant="subtle"
          onClick={() => {
            setMost(most * 4);
          }}
        >
          {(entries.length - most).toLocaleString()} more
        </Button>
      )}
    </>
  );
}

/** Fields, or elements by their number. */
export function entriesOf(value: Ejson): readonly (readonly [string, Ejson])[] {
  if (isEjsonArray(value)) return value.map((each, at) => [String(at), each]);
  if (!(value instanceof EjsonObject)) return [];
  return value.names.map((name, at) => [name, value.values[at] ?? null]);
}

function Field({
  name,
  value,
  depth,
}: {
  readonly name: string;
  readonly value: Ejson;
  readonly depth: number;
}): ReactNode {
  const [isOpen, setIsOpen] = useState(depth === 0 && entriesOf(value).length <= opensUpTo);
  if (toShown(value) !== undefined)
    return (
      <div className="field" style={{ paddingInlineStart: depth * 14 + 20 }}>
        <FieldName name={name} />
        <ValueView value={value} />
        <TypeName type={typeOfShown(value)} />
      </div>
    );
  return (
    <>
      <div className="field" style={{ paddingInlineStart: depth * 14 }}>
        <BranchButton
          name={name}
          isOpen={isOpen}
          onToggle={() => {
            setIsOpen(!isOpen);
          }}
        />
        <FieldName name={name} />
        <ValueView value={value} />
        <TypeName type={typeOfShown(value)} />
      </div>
      {isOpen && <Fields value={value} depth={depth + 1} />}
    </>
  );
}

export function BranchButton({
  name,
  isOpen,
  onToggle,
}: {
  readonly name: string;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}): ReactNode {
  return (
    <button
      type="button"
      className="branch"
      aria-expanded={isOpen}
      aria-label={`${isOpen ? "Close" : "Open"} ${name.slice(0, 80)}`}
      onClick={onToggle}
    >
      {isOpen ? <IconChevronDown size={14} /> : <IconChevronRight size={14} />}
    </button>
  );
}
