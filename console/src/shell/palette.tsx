/** Ctrl-K, or ⌘-K: every screen, function, endpoint and collection by a few letters. */
import { Spotlight, type SpotlightActionData, spotlight } from "@mantine/spotlight";
import { IconFunction, IconLogout, IconPlus, IconRoute, IconServer } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { signOut } from "../api/client.ts";
import { endpointsQuery, functionsQuery } from "../api/parts-of-app.ts";
import { screens } from "../screens.ts";
import type { CurrentApp } from "./current-app.ts";
import { useMayChange } from "./may-change.ts";

const shownMax = 12;

export function Palette({ app }: { readonly app: CurrentApp }): ReactNode {
  const navigate = useNavigate();
  const mayChange = useMayChange();
  const [isOpen, setIsOpen] = useState(false);
  // Not before somebody looks for one.
  const { data: functions = [] } = useQuery({ ...functionsQuery(app.path), enabled: isOpen });
  const { data: endpoints = [] } = useQuery({ ...endpointsQuery(app.path), enabled: isOpen });
  const go = (screen: string, search: Readonly<Record<string, string>> = {}): void => {
    void navigate({ to: `/apps/${app._id}/${screen}`, search });
  };
  const actions: SpotlightActionData[] = [
    ...screens.map(({ path, label, section, icon: Icon }) => ({
      id: path,
      label,
      description: section,
      leftSection: <Icon size={20} stroke={1.6} />,
      onClick: () => {
        go(path);
      },
    })),
    ...functions.map(({ name }) => ({
      id: `function ${name}`,
      label: name,
      description: "Function",
      leftSection: <IconFunction size={20} stroke={1.6} />,
      onClick: () => {
        go("functions", { name });
      },
    })),
    ...endpoints.map(({ _id: id, http_method: method, route }) => ({
      id: `endpoint ${id}`,
      label: `${method === "*" ? "" : `${method} `}${route}`,
      description: "Endpoint",
      leftSection: <IconRoute size={20} stroke={1.6} />,
      onClick: () => {
        go("endpoints", { id });
      },
    })),
    ...(mayChange ? makers : []).map(({ label, screen, search }) => ({
      id: label,
      label,
      leftSection: <IconPlus size={20} stroke={1.6} />,
      onClick: () => {
        go(screen, search);
      },
    })),
    {
      id: "apps",
      label: "All apps",
      leftSection: <IconServer size={20} stroke={1.6} />,
      onClick: () => void navigate({ to: "/" }),
    },
    {
      id: "sign-out",
      label: "Sign out",
      leftSection: <IconLogout size={20} stroke={1.6} />,
      onClick: () => void signOut(),
    },
  ];
  return (
    <Spotlight
      actions={actions}
      limit={shownMax}
      scrollable
      shortcut={["mod + K"]}
      nothingFound="Nothing of this name"
      highlightQuery
      onSpotlightOpen={() => {
        setIsOpen(true);
      }}
      searchProps={{ placeholder: "Go to …", "aria-label": "Go to" }}
    />
  );
}

const makers = [
  { label: "New function", screen: "functions", search: { name: "" } },
  { label: "New endpoint", screen: "endpoints", search: { id: "new" } },
  { label: "Review the draft", screen: "deployments", search: { tab: "draft" } },
] as const;

export const openPalette: () => void = spotlight.open;
