import { ActionIcon, Tooltip } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { takeFile } from "../api/client.ts";
import { sayFailed } from "./notice.ts";
import { saveFile } from "./save-file.ts";

/** Saves what a path of the admin API answers as a file. */
export function DownloadButton({
  path,
  name,
  label,
}: {
  readonly path: string;
  /** Of the file. */
  readonly name: string;
  readonly label: string;
}): ReactNode {
  const download = useMutation({
    // A link can not show the session's token.
    mutationFn: async () => {
      saveFile(await takeFile({ path }), name);
    },
    onError: sayFailed,
  });
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="subtle"
        aria-label={label}
        loading={download.isPending}
        onClick={() => {
          download.mutate();
        }}
      >
        <IconDownload size={16} />
      </ActionIcon>
    </Tooltip>
  );
}
