/** Documents as lines that open: all that is open is one flat list, however much it is. */
import { Box, Group } from "@mantine/core";
import { type ReactNode, useState } from "react";
import type { BrowsedDocument } from "../../api/data.ts";
import { toLine, toShown, typeOfShown } from "../../ejson/shown.ts";
import type { Ejson } from "../../ejson/value.ts";
import { ActionsOfDocument, type DocumentActions } from "./document-actions.tsx";
import { BranchButton, CutMark, entriesOf } from "./document-cards.tsx";
import { RowList } from "./row-list.tsx";
import { FieldName, TypeName, ValueView } from "./value-view.tsx";

interface Line {
  /** Positions from the root on: a name may come twice. */
  readonly path: string;
  readonly name: string;
  readonly value: Ejson;
  readonly depth: number;
  /** Of the documents themselves. */
  readonly row: BrowsedDocument | undefined;
}

export function DocumentTree({
  rows,
  actions,
}: {
  readonly rows: readonly BrowsedDocument[];
  readonly actions: DocumentActions;
}): ReactNode {
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const lines = linesOf(rows, opened);
  function toggle(path: string): void {
    const next = new Set(opened);
    if (!next.delete(path)) next.add(path);
    setOpened(next);
  }
  return (
    <RowList
      label="Documents"
      count={lines.length}
      estimate={30}
      keyOf={(at) => lines[at]?.path ?? ""}
    >
      {(at) => {
        const line = lines[at];
        if (line === undefined) return null;
        return (
          <LineView
            line={line}
            isOpen={opened.has(line.path)}
            actions={actions}
            onToggle={() => {
              toggle(line.path);
            }}
          />
        );
      }}
    </RowList>
  );
}

function linesOf(rows: readonly BrowsedDocument[], opened: ReadonlySet<string>): readonly Line[] {
  const lines: Line[] = [];
  const add = (line: Line): void => {
    lines.push(line);
    if (!opened.has(line.path)) return;
    for (const [at, [name, value]] of entriesOf(line.value).entries())
      add({ path: `${line.path}.${at}`, name, value, depth: line.depth + 1, row: undefined });
  };
  for (const [at, row] of rows.entries())
    add({
      path: `${at} ${toLine(row.id)}`,
      name: toLine(row.id) || "_id",
      value: row.document,
      depth: 0,
      row,
    });
  return lines;
}

function LineView({
  line,
  isOpen,
  actions,
  onToggle,
}: {
  readonly line: Line;
  readonly isOpen: boolean;
  readonly actions: DocumentActions;
  readonly onToggle: () => void;
}): ReactNode {
  const { name, value, depth, row } = line;
  const isBranch = row !== undefined || toShown(value) === undefined;
  return (
    <Box
      pl={depth * 14 + (isBranch ? 0 : 22)}
      pr={4}
      py={2}
      role={row === undefined ? undefined : "article"}
      aria-label={row === undefined ? undefined : `Document ${name}`}
    >
      <div className="field">
        {isBranch && <BranchButton name={name} isOpen={isOpen} onToggle={onToggle} />}
        <FieldName name={name} />
        <ValueView value={value} isOneLine={row !== undefined} />
        {row === undefined ? (
          <TypeName type={typeOfShown(value)} />
        ) : (
          <Group gap={4} ml="auto" wrap="nowrap" visibleFrom="sm">
            <RowActions row={row} actions={actions} />
          </Group>
        )}
      </div>
      {row !== undefined && isOpen && (
        <Group gap={4} justify="flex-end" hiddenFrom="sm">
          <RowActions row={row} actions={actions} />
        </Group>
      )}
    </Box>
  );
}

function RowActions({
  row,
  actions,
}: {
  readonly row: BrowsedDocument;
  readonly actions: DocumentActions;
}): ReactNode {
  return (
    <>
      {row.isCut && <CutMark bytes={row.bytes} />}
      <ActionsOfDocument row={row} actions={actions} />
    </>
  );
}
