/** A document as EJSON, so that every type can be seen, made and kept; and what another changed meanwhile. */
import { Alert, Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useMemo, useRef, useState } from "react";
import {
  act,
  keyOf,
  type Place,
  readSeen,
  replaceSeen,
  type SeenDocument,
} from "../../api/data.ts";
import { EjsonError, parseEjsonDocument } from "../../ejson/parse.ts";
import { printForPeople } from "../../ejson/print.ts";
import type { EjsonObject, Ejson } from "../../ejson/value.ts";
import { ChangeButton } from "../../parts/change-button.tsx";
import { CodeEditor } from "../../parts/code-editor.tsx";
import { Failed, Waiting } from "../../parts/states.tsx";
import { Unsaved } from "../../parts/unsaved.tsx";
import { useKept } from "../../parts/use-kept.ts";
import { useMayChange } from "../../shell/may-change.ts";
import { ConflictNotice } from "./conflict.tsx";
import { describeFault } from "./query-text.ts";
import { sayUndoable } from "../../parts/undo.tsx";
import { TypeMenu } from "./type-menu.tsx";
import { valueWords } from "./words.ts";

export interface Editing {
  /** Undefined: a new document. */
  readonly id?: Ejson;
  /** A new one begins with the fields of this one. */
  readonly model?: Ejson;
}

export function EditorWindow({
  place,
  editing,
  fields,
  onClose,
}: {
  readonly place: Place;
  readonly editing: Editing;
  readonly fields: readonly string[];
  readonly onClose: () => void;
}): ReactNode {
  const { id, model } = editing;
  const source = id ?? model;
  const [isChanged, setIsChanged] = useState(false);
  const seen = useQuery({
    queryKey: [...keyOf(place), "seen"],
    queryFn: async () => (source === undefined ? null : ((await readSeen(place, source)) ?? null)),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    structuralSharing: false,
  });
  const title =
    id === undefined
      ? model === undefined
        ? "Insert a document"
        : "Clone a document"
      : "Edit the document";
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size="xl"
      closeOnClickOutside={false}
      // Escape also closes what the editor offers: it must not take what was typed with it.
      closeOnEscape={!isChanged}
    >
      {seen.isPending && <Waiting />}
      {seen.isError && <Failed cause={seen.error} again={() => void seen.refetch()} />}
      {seen.isSuccess &&
        (source !== undefined && seen.data === null ? (
          <Failed cause={new Error("This document is gone: somebody deleted it.")} />
        ) : (
          <DocumentEditor
            place={place}
            id={id}
            isClone={model !== undefined}
            seen={seen.data ?? undefined}
            fields={fields}
            onChange={() => {
              setIsChanged(true);
            }}
            onDone={onClose}
          />
        ))}
    </Modal>
  );
}

/** What another wrote since. */
interface Conflict {
  readonly document: EjsonObject | undefined;
  readonly version: string;
}

function DocumentEditor({
  place,
  id,
  isClone,
  seen,
  fields,
  onChange,
  onDone,
}: {
  readonly place: Place;
  readonly id: Ejson | undefined;
  readonly isClone: boolean;
  readonly seen: SeenDocument | undefined;
  readonly fields: readonly string[];
  readonly onChange: () => void;
  readonly onDone: () => void;
}): ReactNode {
  const client = useQueryClient();
  const first = useMemo(
    () => ({ text: firstText(id, seen?.document), version: seen?.version ?? "" }),
    [id, seen],
  );
  const kept = useKept(keptAs(place, id, isClone), first);
  const { text, version } = kept.value;
  const [conflict, setConflict] = useState<Conflict>();
  const insert = useRef<(text: string) => void>(undefined);
  const isNew = id === undefined;
  const mayChange = useMayChange();
  const isAmbiguous = !isNew && seen?.isTrue === false;
  const isLocked = isAmbiguous || !mayChange;
  const save = useMutation({
    mutationFn: async (against: string) => {
      const document = readDocument(text);
      if (id === undefined) {
        const answer = await act(place, "insertOne", { document });
        sayInserted(place, answer.get("insertedId") ?? null, () => refresh());
        return true;
      }
      const { isReplaced, now } = await replaceSeen(place, {
        id,
        version: against,
        replacement: document,
      });
      if (isReplaced && now !== undefined) saySaved(place, id, now.version, seen, () => refresh());
      else setConflict({ document: now?.document, version: now?.version ?? "" });
      return isReplaced;
    },
    onSuccess: (isDone) => {
      if (isDone) close();
    },
    onSettled: refresh,
  });
  function close(): void {
    kept.forget();
    onDone();
  }
  const maySave = !isLocked && conflict === undefined && !save.isPending;
  async function refresh(): Promise<void> {
    await client.invalidateQueries({
      queryKey: keyOf(place),
      predicate: ({ queryKey }) => !queryKey.includes("seen"),
    });
  }
  return (
    <Stack>
      <Group justify="space-between" align="flex-start" gap="xs">
        <Text size="sm" c="dimmed" flex={1} miw={200}>
          A whole number alone is an Int32, one with a point a Double; all other types have a name.
        </Text>
        {!isLocked && <TypeMenu onChoice={(value) => insert.current?.(value)} />}
      </Group>
      {isAmbiguous && (
        <Alert color="yellow" title="This document can not be edited as text" role="note">
          It holds fields, such as {'{ "$date": … }'}, that would be read as another type. Update
          operators can change it.
        </Alert>
      )}
      <CodeEditor
        label="Document"
        language="ejson"
        value={text}
        {...(!isLocked && {
          onChange: (typed: string) => {
            kept.set({ text: typed });
            onChange();
          },
        })}
        minLines={10}
        maxLines={26}
        words={[...fields, ...valueWords]}
        onModEnter={() => {
          if (maySave) save.mutate(version);
        }}
        onReady={(put) => {
          insert.current = put;
        }}
      />
      {conflict !== undefined && (
        <ConflictNotice
          theirs={conflict.document}
          isBusy={save.isPending}
          onKeepMine={() => {
            kept.set({ version: conflict.version });
            setConflict(undefined);
            save.mutate(conflict.version);
          }}
          onTakeTheirs={() => {
            kept.set({ version: conflict.version, text: firstText(id, conflict.document) });
            setConflict(undefined);
          }}
        />
      )}
      {save.isError && (
        <Alert color="red" title="Not saved" role="alert" className="break">
          {save.error.message}
        </Alert>
      )}
      <Group>
        <ChangeButton
          loading={save.isPending}
          disabled={!maySave}
          title="Ctrl-Enter, or ⌘-Enter"
          onClick={() => {
            save.mutate(version);
          }}
        >
          {isNew ? "Insert" : "Save"}
        </ChangeButton>
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
        {text !== first.text && <Unsaved onDiscard={kept.reset} />}
      </Group>
    </Stack>
  );
}

/** What is typed into a document is there again when it is opened again. */
function keptAs(place: Place, id: Ejson | undefined, isClone: boolean): string {
  const what = id === undefined ? (isClone ? "clone" : "new document") : printForPeople(id);
  return `document ${keyOf(place).join(" ")} ${what}`;
}

function readDocument(text: string): EjsonObject {
  try {
    return parseEjsonDocument(text);
  } catch (cause) {
    throw cause instanceof EjsonError ? new Error(describeFault(text, cause), { cause }) : cause;
  }
}

function firstText(id: Ejson | undefined, document: EjsonObject | undefined): string {
  if (document === undefined) return "{\n  \n}";
  return printForPeople(id === undefined ? document.without("_id") : document);
}

function sayInserted(place: Place, id: Ejson, after: () => Promise<void>): void {
  sayUndoable("The document is inserted", async () => {
    await act(place, "deleteOne", { filter: { _id: { $eq: id } } });
    await after();
  });
}

function saySaved(
  place: Place,
  id: Ejson,
  version: string,
  seen: SeenDocument | undefined,
  after: () => Promise<void>,
): void {
  sayUndoable(
    "The document is saved",
    seen === undefined
      ? undefined
      : async () => {
          const { isReplaced } = await replaceSeen(place, {
            id,
            version,
            replacement: seen.document,
          });
          await after();
          if (!isReplaced) throw new Error("Somebody else changed the document meanwhile.");
        },
  );
}
