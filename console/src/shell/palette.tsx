/** Ctrl-K, or ⌘-K: every screen and its sides, every function, endpoint, trigger and collection by a few letters. */
import { Spotlight, type SpotlightActionData, spotlight } from "@mantine/spotlight";
import {
  IconArrowRight,
  IconClock,
  IconFunction,
  IconLogout,
  IconPlus,
  IconRoute,
  IconServer,
  IconTable,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { signOut } from "../api/client.ts";
import { namespacesQuery } from "../api/namespaces.ts";
import { endpointsQuery, functionsQuery } from "../api/parts-of-app.ts";
import { triggersQuery } from "../api/triggers.ts";
import { screens } from "../screens.ts";
import type { CurrentApp } from "./current-app.ts";
import { useMayChange } from "./may-change.ts";
import { makers, type PalettePlace, sides } from "./palette-places.ts";

const shownMax = 12;

export function Palette({ app }: { readonly app: CurrentApp }): ReactNode {
  const navigate = useNavigate();
  const mayChange = useMayChange();
  const [isOpen, setIsOpen] = useState(false);
  // Not before somebody looks for one.
  const { data: functions = [] } = useQuery({ ...functionsQuery(app.path), enabled: isOpen });
  const { data: endpoints = [] } = useQuery({ ...endpointsQuery(app.path), enabled: isOpen });
  const { data: triggers = [] } = useQuery({ ...triggersQuery(app.path), enabled: isOpen });
  const { data: collections = [] } = useQuery({ ...namespacesQuery(app.path), enabled: isOpen });
  const go = (screen: string, search: PalettePlace["search"] = {}): void => {
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
    ...sides.map(({ of, label, screen, search }) => ({
      id: `side ${label}`,
      label,
      description: of,
      leftSection: <IconArrowRight size={20} stroke={1.6} />,
      onClick: () => {
        go(screen, search);
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
    ...triggers.map(({ _id: id, name }) => ({
      id: `trigger ${id}`,
      label: name,
      description: "Trigger",
      leftSection: <IconClock size={20} stroke={1.6} />,
      onClick: () => {
        go("triggers", { id });
      },
    })),
    ...collections.map(({ source, db, coll }) => ({
      id: `collection ${JSON.stringify([source, db, coll])}`,
      label: `${db}.${coll}`,
      description: `Collection in ${source}`,
      leftSection: <IconTable size={20} stroke={1.6} />,
      onClick: () => {
        go("data", { source, db, coll });
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
      onClick: () => void navigate({ to: "/", search: { all: true } }),
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

export const openPalette: () => void = spotlight.open;
