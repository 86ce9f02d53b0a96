/** A long list of which only what is seen is drawn. */
import { Box } from "@mantine/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useRef } from "react";

export function RowList({
  label,
  count,
  estimate,
  keyOf,
  gap = 0,
  children,
}: {
  readonly label: string;
  readonly count: number;
  /** Of one row, in pixels, until it is measured. */
  readonly estimate: number;
  readonly keyOf: (at: number) => string;
  readonly gap?: number;
  readonly children: (at: number) => ReactNode;
}): ReactNode {
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => estimate,
    getItemKey: keyOf,
    overscan: 2,
    gap,
  });
  return (
    <Box
      ref={scroller}
      className="rows"
      role="region"
      aria-label={label}
      // Who has no mouse scrolls with the keys.
      tabIndex={0}
    >
      <Box pos="relative" h={rows.getTotalSize()}>
        {rows.getVirtualItems().map(({ index, key, start }) => (
          <Box
            key={key}
            data-index={index}
            ref={rows.measureElement}
            pos="absolute"
            top={0}
            left={0}
            w="100%"
            style={{ transform: `translateY(${start}px)` }}
          >
            {children(index)}
          </Box>
        ))}
      </Box>
    </Box>
  );
}
