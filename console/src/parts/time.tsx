/** A moment in local time, with UTC beside it or under the pointer. */
import { Text, Tooltip } from "@mantine/core";
import type { ReactNode } from "react";

const short = new Intl.DateTimeFormat(undefined, {
  month: "short",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

export function Time({
  iso,
  isLong = false,
}: {
  readonly iso: string;
  readonly isLong?: boolean;
}): ReactNode {
  const date = new Date(iso);
  const local = short.format(date);
  if (isLong)
    return (
      <time dateTime={iso}>
        {local} ({date.toISOString()})
      </time>
    );
  return (
    <Tooltip label={date.toISOString()}>
      <Text span size="sm">
        <time dateTime={iso}>{local}</time>
      </Text>
    </Tooltip>
  );
}
