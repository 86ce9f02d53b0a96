import { SimpleGrid } from "@mantine/core";
import type { ReactNode } from "react";
import type { Place } from "../../api/data.ts";
import { useMayChange } from "../../shell/may-change.ts";
import { ExportForm } from "./export-form.tsx";
import { ImportForm } from "./import-form.tsx";

export function Transfer({ place }: { readonly place: Place }): ReactNode {
  const mayChange = useMayChange();
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }}>
      {mayChange && <ImportForm place={place} />}
      <ExportForm place={place} />
    </SimpleGrid>
  );
}
