import type { ReactNode } from "react";
import type { BrowsedDocument } from "../../api/data.ts";
import { printForPeople } from "../../ejson/print.ts";
import { CopyButton } from "../../parts/copy-button.tsx";

export interface DocumentActions {
  /** Asked once for a page: a table has hundreds of buttons. */
  readonly mayChange: boolean;
  readonly onEdit: (row: BrowsedDocument) => void;
  readonly onClone: (row: BrowsedDocument) => void;
  readonly onDelete: (row: BrowsedDocument) => void;
}

export function ActionsOfDocument({
  row,
  actions,
  hasCopy = false,
}: {
  readonly row: BrowsedDocument;
  readonly actions: DocumentActions;
  readonly hasCopy?: boolean;
}): ReactNode {
  const { mayChange, onEdit, onClone, onDelete } = actions;
  return (
    <div className="row-actions">
      {hasCopy && !row.isCut && (
        <CopyButton text={printForPeople(row.document)} label="Copy as EJSON" />
      )}
      <button
        type="button"
        onClick={() => {
          onEdit(row);
        }}
      >
        {mayChange ? "Edit" : "View"}
      </button>
      {mayChange && (
        <>
          <button
            type="button"
            onClick={() => {
              onClone(row);
            }}
          >
            Clone
          </button>
          <button
            type="button"
            className="row-danger"
            onClick={() => {
              onDelete(row);
            }}
          >
            Delete …
          </button>
        </>
      )}
    </div>
  );
}
