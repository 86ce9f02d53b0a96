/** A unified patch of one file, line by line. */

export interface PatchLine {
  /** `place`: where a part begins; `note`: what is no line of the file. */
  readonly kind: "added" | "removed" | "same" | "place" | "note";
  readonly text: string;
  /** Its number in the file before and after; undefined where it is not in it. */
  readonly before?: number;
  readonly after?: number;
}

export function readPatch(patch: string): readonly PatchLine[] {
  const lines: PatchLine[] = [];
  let before = 0;
  let after = 0;
  // The first two name the file.
  for (const text of patch.replace(/\n$/, "").split("\n").slice(2)) {
    const place = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(text);
    const rest = text.slice(1);
    if (place !== null) {
      before = Number(place[1]);
      after = Number(place[2]);
      lines.push({ kind: "place", text });
    } else if (before + after === 0 || text.startsWith("\\")) lines.push({ kind: "note", text });
    else if (text.startsWith("+")) lines.push({ kind: "added", text: rest, after: after++ });
    else if (text.startsWith("-")) lines.push({ kind: "removed", text: rest, before: before++ });
    else lines.push({ kind: "same", text: rest, before: before++, after: after++ });
  }
  return lines;
}

/** Lines that were taken away beside those that came in their place. */
export function sideBySide(
  lines: readonly PatchLine[],
): readonly (readonly [PatchLine | undefined, PatchLine | undefined])[] {
  const rows: [PatchLine | undefined, PatchLine | undefined][] = [];
  let removed: PatchLine[] = [];
  let added: PatchLine[] = [];
  const flush = (): void => {
    for (let at = 0; at < Math.max(removed.length, added.length); at += 1)
      rows.push([removed[at], added[at]]);
    removed = [];
    added = [];
  };
  for (const line of lines)
    if (line.kind === "removed") removed.push(line);
    else if (line.kind === "added") added.push(line);
    else {
      flush();
      rows.push([line, line]);
    }
  flush();
  return rows;
}
