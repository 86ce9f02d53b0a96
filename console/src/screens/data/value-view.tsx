/**
 * Values with their types told apart: as text, whatever they hold. Plain elements, since a page has thousands of them.
 */
import type { ReactNode } from "react";
import { toLine, toShown } from "../../ejson/shown.ts";
import type { Ejson } from "../../ejson/value.ts";

const shortMax = 400;

export function ValueView({
  value,
  isOneLine = false,
}: {
  readonly value: Ejson;
  readonly isOneLine?: boolean;
}): ReactNode {
  const plain = toShown(value);
  const text = plain === undefined ? toLine(value) : plain.text;
  const color = plain === undefined ? "dimmed" : `${plain.color}-text`;
  return (
    <span
      className={`mono value ${isOneLine ? "one-line" : "break"}`}
      style={{ color: `var(--mantine-color-${color})` }}
      title={plain?.type}
    >
      {/* Letters that turn the direction of writing stay within their value. */}
      <bdi>
        {text.slice(0, shortMax)}
        {text.length > shortMax ? "…" : ""}
      </bdi>
    </span>
  );
}

export function FieldName({ name }: { readonly name: string }): ReactNode {
  return (
    <span className="mono break field-name">
      <bdi>
        {name.slice(0, shortMax)}
        {name.length > shortMax ? "…" : ""}
      </bdi>
    </span>
  );
}

export function TypeName({ type }: { readonly type: string }): ReactNode {
  return <span className="type-name">{type}</span>;
}

export function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const units = ["kB", "MB", "GB", "TB"];
  let size = bytes / 1024;
  let at = 0;
  while (size >= 1024 && at < units.length - 1) {
    size /= 1024;
    at += 1;
  }
  return `${size.toFixed(1)} ${units[at] ?? ""}`;
}
