/** What differs between two app directories, file by file: below each other or side by side. */
import { Accordion, Badge, Box, Group, SegmentedControl, Stack, Text } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { type ReactNode, useState } from "react";
import type { FileChange } from "../api/drafts.ts";
import { type PatchLine, readPatch, sideBySide } from "./patch.ts";

const openedMax = 6;
const colours = { added: "green", deleted: "red", modified: "blue" } as const;

export function PatchView({
  changes,
  actions,
}: {
  readonly changes: readonly FileChange[];
  /** For one file. */
  readonly actions?: (change: FileChange) => ReactNode;
}): ReactNode {
  const isWide = useMediaQuery("(min-width: 75em)");
  const [view, setView] = useState<"unified" | "split">();
  const isSplit = (view ?? "unified") === "split";
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Text size="sm" c="dimmed">
          {changes.length === 1 ? "1 file" : `${changes.length} files`}
        </Text>
        {isWide && (
          <SegmentedControl
            size="xs"
            aria-label="How to show what differs"
            data={[
              { value: "unified", label: "Unified" },
              { value: "split", label: "Side by side" },
            ]}
            value={view ?? "unified"}
            onChange={setView}
          />
        )}
      </Group>
      <Accordion
        multiple
        variant="contained"
        defaultValue={changes.slice(0, openedMax).map(({ file }) => file)}
      >
        {changes.map((change) => (
          <FilePatch
            key={change.file}
            change={change}
            isSplit={isSplit && isWide}
            actions={actions?.(change)}
          />
        ))}
      </Accordion>
    </Stack>
  );
}

function FilePatch({
  change,
  isSplit,
  actions,
}: {
  readonly change: FileChange;
  readonly isSplit: boolean;
  readonly actions: ReactNode;
}): ReactNode {
  const { file, kind, patch } = change;
  const lines = readPatch(patch);
  const added = lines.filter((line) => line.kind === "added").length;
  const removed = lines.filter((line) => line.kind === "removed").length;
  return (
    <Accordion.Item value={file}>
      <Accordion.Control>
        <Group gap="xs" wrap="nowrap">
          <Badge variant="light" color={colours[kind]} style={{ flexShrink: 0 }}>
            {kind}
          </Badge>
          <Text size="sm" className="mono break">
            {file}
          </Text>
          <Text size="xs" c="dimmed" style={{ whiteSpace: "nowrap" }}>
            +{added} −{removed}
          </Text>
        </Group>
      </Accordion.Control>
      <Accordion.Panel>
        <Stack gap="xs">
          {actions !== undefined && <Group justify="flex-end">{actions}</Group>}
          <Box className="patch" tabIndex={0} role="group" aria-label={`Changes of ${file}`}>
            {isSplit ? <Split lines={lines} /> : <Unified lines={lines} />}
          </Box>
        </Stack>
      </Accordion.Panel>
    </Accordion.Item>
  );
}

const signs: Readonly<Record<PatchLine["kind"], string>> = {
  added: "+",
  removed: "-",
  same: " ",
  place: "",
  note: "",
};

function Unified({ lines }: { readonly lines: readonly PatchLine[] }): ReactNode {
  return (
    <table>
      <tbody>
        {lines.map((line, at) => (
          // Lines have nothing but their place.
          // oxlint-disable-next-line react/no-array-index-key
          <tr key={at} data-kind={line.kind}>
            <td className="patch-number">{line.before}</td>
            <td className="patch-number">{line.after}</td>
            <td className="patch-text">
              {signs[line.kind]}
              {line.text}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Split({ lines }: { readonly lines: readonly PatchLine[] }): ReactNode {
  return (
    <table className="patch-split">
      <tbody>
        {sideBySide(lines).map(([left, right], at) => (
          // oxlint-disable-next-line react/no-array-index-key
          <tr key={at}>
            <td className="patch-number">{left?.before}</td>
            <td className="patch-text" data-kind={left?.kind ?? "none"}>
              {left?.text}
            </td>
            <td className="patch-number">{right?.after}</td>
            <td className="patch-text" data-kind={right?.kind ?? "none"}>
              {right?.text}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
