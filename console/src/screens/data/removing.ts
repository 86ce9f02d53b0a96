/** Deleting: one document, which can be undone, or all that match, which can not. */
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { act, type BrowsedDocument, keyOf, type Place, readSeen } from "../../api/data.ts";
import { toLine } from "../../ejson/shown.ts";
import { countOf, type Ejson, toEjson } from "../../ejson/value.ts";
import { confirm } from "../../parts/confirm.tsx";
import { sayFailed } from "../../parts/notice.ts";
import { sayUndoable } from "../../parts/undo.tsx";

export interface Removing {
  readonly one: (row: BrowsedDocument) => void;
  /** Counts first: what is shown of a count may be old. */
  readonly many: (query: { readonly filter?: Ejson; readonly collation?: Ejson }) => void;
}

export function useRemoving(place: Place): Removing {
  const client = useQueryClient();
  return useMemo(() => createRemoving(place, client), [place, client]);
}

function createRemoving(place: Place, client: QueryClient): Removing {
  const refresh = async (): Promise<void> => client.invalidateQueries({ queryKey: keyOf(place) });
  const failing = (work: () => Promise<void>): void => {
    work()
      .catch(sayFailed)
      .finally(() => void refresh());
  };
  return {
    one(row) {
      confirm({
        title: "Delete this document?",
        text: `_id: ${toLine(row.id)}`,
        verb: "Delete",
        onConfirm: () => {
          failing(async () => removeOne(place, row.id, refresh));
        },
      });
    },
    many({ filter = toEjson({}), collation }) {
      failing(async () => {
        const asked = { filter, collation };
        const count = countOf((await act(place, "countDocuments", asked)).get("count"));
        confirm({
          title: `Delete ${count.toLocaleString()} documents?`,
          text: "All that match the filter, on every page. This can not be undone.",
          verb: "Delete them",
          onConfirm: () => {
            failing(async () => {
              const answer = await act(place, "deleteMany", asked);
              const deleted = countOf(answer.get("deletedCount"));
              sayUndoable(`${deleted.toLocaleString()} documents are deleted`, undefined);
            });
          },
        });
      });
    },
  };
}

async function removeOne(place: Place, id: Ejson, after: () => Promise<void>): Promise<void> {
  const seen = await readSeen(place, id);
  const answer = await act(place, "deleteOne", { filter: { _id: { $eq: id } } });
  if (countOf(answer.get("deletedCount")) === 0) throw new Error("The document was gone already.");
  sayUndoable(
    "The document is deleted",
    seen?.isTrue === true
      ? async () => {
          await act(place, "insertOne", { document: seen.document });
          await after();
        }
      : undefined,
  );
}
