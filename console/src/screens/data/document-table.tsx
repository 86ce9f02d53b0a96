/** Documents as rows and their fields as columns; what is seen of it is drawn. */
import { Box, Text } from "@mantine/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, type ReactNode, useLayoutEffect, useMemo, useRef } from "react";
import type { BrowsedDocument } from "../../api/data.ts";
import { ActionsOfDocument, type DocumentActions } from "./document-actions.tsx";
import { CutMark } from "./document-cards.tsx";
import { ValueView } from "./value-view.tsx";

const columnsMax = 60;
const rowHeight = 34;

export function DocumentTable({
  rows,
  page,
  actions,
}: {
  readonly rows: readonly BrowsedDocument[];
  readonly page: string;
  readonly actions: DocumentActions;
}): ReactNode {
  const scroller = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    scroller.current?.scrollTo({ top: 0 });
  }, [page]);
  const { columns, others } = useMemo(() => columnsOf(rows), [rows]);
  const { getTotalSize, getVirtualItems } = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 4,
  });
  const seen = getVirtualItems();
  const above = seen[0]?.start ?? 0;
  const below = getTotalSize() - (seen.at(-1)?.end ?? 0);
  return (
    <>
      <Box
        ref={scroller}
        className="rows data-table"
        role="region"
        aria-label="Documents"
        tabIndex={0}
      >
        <table aria-rowcount={rows.length + 1}>
          <thead>
            <tr>
              {columns.map((name) => (
                <th key={name} scope="col" className="mono" title={name.slice(0, 200)}>
                  <bdi>{name.slice(0, 60)}</bdi>
                </th>
              ))}
              <th scope="col">
                <Text span size="xs" c="dimmed">
                  Actions
                </Text>
              </th>
            </tr>
          </thead>
          <tbody>
            <Spacer height={above} span={columns.length + 1} />
            {seen.map(({ index }) => {
              const row = rows[index];
              if (row === undefined) return null;
              // By their place: the next page writes other texts into the same cells, which is much less work for the
              // browser than other cells.
              return <Row key={index} row={row} at={index} columns={columns} actions={actions} />;
            })}
            <Spacer height={below} span={columns.length + 1} />
          </tbody>
        </table>
      </Box>
      {others > 0 && (
        <Text size="xs" c="dimmed">
          {others.toLocaleString()} more fields are not in the table: cards and tree show them all.
        </Text>
      )}
    </>
  );
}

/** Drawn again only for another document. */
const Row = memo(function Row({
  row,
  at,
  columns,
  actions,
}: {
  readonly row: BrowsedDocument;
  readonly at: number;
  readonly columns: readonly string[];
  readonly actions: DocumentActions;
}): ReactNode {
  return (
    <tr aria-rowindex={at + 2}>
      {columns.map((name) => {
        const value = row.document.get(name);
        return (
          <td key={name}>{value === undefined ? null : <ValueView value={value} isOneLine />}</td>
        );
      })}
      <td>
        {row.isCut && <CutMark bytes={row.bytes} />}
        <ActionsOfDocument row={row} actions={actions} />
      </td>
    </tr>
  );
});

function Spacer({ height, span }: { readonly height: number; readonly span: number }): ReactNode {
  if (height <= 0) return null;
  return (
    <tr aria-hidden>
      <td colSpan={span} style={{ height, padding: 0, border: 0 }} />
    </tr>
  );
}

/**
 * `_id` first, then in the order in which they come, a little of each document: one that has thousands of fields must not
 * push out those of the others.
 */
function columnsOf(rows: readonly BrowsedDocument[]): {
  readonly columns: readonly string[];
  readonly others: number;
} {
  const lists = rows.map(({ document }) => document.names);
  const columns = new Set(lists.some((names) => names.includes("_id")) ? ["_id"] : []);
  const longest = Math.max(0, ...lists.map((names) => names.length));
  for (let at = 0; at < longest && columns.size < columnsMax; at += 1)
    for (const names of lists) {
      const name = names[at];
      if (name !== undefined && columns.size < columnsMax) columns.add(name);
    }
  return { columns: [...columns], others: new Set(lists.flat()).size - columns.size };
}
