/** Ctrl-K, or ⌘-K: every screen by a few letters. */
import { Spotlight, type SpotlightActionData } from "@mantine/spotlight";
import { useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { signOut } from "../api/client.ts";
import { screens } from "../screens.ts";

export function Palette({ appId }: { readonly appId: string }): ReactNode {
  const navigate = useNavigate();
  const actions: SpotlightActionData[] = [
    ...screens.map(({ path, label, section, icon: Icon }) => ({
      id: path,
      label,
      description: section,
      leftSection: <Icon size={20} stroke={1.6} />,
      onClick: () => void navigate({ to: `/apps/${appId}/${path}` }),
    })),
    { id: "apps", label: "All apps", onClick: () => void navigate({ to: "/" }) },
    { id: "sign-out", label: "Sign out", onClick: () => void signOut() },
  ];
  return (
    <Spotlight
      actions={actions}
      shortcut={["mod + K"]}
      nothingFound="No such screen"
      highlightQuery
      searchProps={{ placeholder: "Go to …", "aria-label": "Go to" }}
    />
  );
}
