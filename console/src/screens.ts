/**
 * The screens of an app, in the order of the navigation.
 *
 * To add one: a line here and its file in `screens/`, which exports `Screen`.
 */
import {
  IconBolt,
  IconChartAreaLine,
  IconClock,
  IconDatabase,
  IconFunction,
  IconHistory,
  IconKey,
  IconListDetails,
  IconRocket,
  IconRoute,
  IconSettings,
  IconShieldLock,
  IconUsers,
} from "@tabler/icons-react";
import { type ComponentType, lazy, type LazyExoticComponent } from "react";

export interface ScreenEntry {
  /** Below `/apps/:appId/`. */
  readonly path: string;
  readonly label: string;
  readonly section: "Use" | "Build" | "Watch" | "Manage";
  readonly icon: ComponentType<{ readonly size?: number; readonly stroke?: number }>;
  readonly Screen: LazyExoticComponent<ComponentType>;
}

function screen(load: () => Promise<{ readonly Screen: ComponentType }>): ScreenEntry["Screen"] {
  return lazy(async () => ({ default: (await load()).Screen }));
}

export const screens: readonly ScreenEntry[] = [
  {
    path: "start",
    label: "Get started",
    section: "Use",
    icon: IconRocket,
    Screen: screen(() => import("./screens/get-started.tsx")),
  },
  {
    path: "data",
    label: "Data",
    section: "Use",
    icon: IconDatabase,
    Screen: screen(() => import("./screens/data.tsx")),
  },
  {
    path: "data-api",
    label: "Data API",
    section: "Use",
    icon: IconBolt,
    Screen: screen(() => import("./screens/data-api.tsx")),
  },
  {
    path: "functions",
    label: "Functions",
    section: "Build",
    icon: IconFunction,
    Screen: screen(() => import("./screens/functions.tsx")),
  },
  {
    path: "endpoints",
    label: "Endpoints",
    section: "Build",
    icon: IconRoute,
    Screen: screen(() => import("./screens/endpoints.tsx")),
  },
  {
    path: "triggers",
    label: "Triggers",
    section: "Build",
    icon: IconClock,
    Screen: screen(() => import("./screens/triggers.tsx")),
  },
  {
    path: "values",
    label: "Values & secrets",
    section: "Build",
    icon: IconKey,
    Screen: screen(() => import("./screens/values.tsx")),
  },
  {
    path: "rules",
    label: "Rules & schema",
    section: "Build",
    icon: IconShieldLock,
    Screen: screen(() => import("./screens/rules.tsx")),
  },
  {
    path: "users",
    label: "Users",
    section: "Build",
    icon: IconUsers,
    Screen: screen(() => import("./screens/users.tsx")),
  },
  {
    path: "overview",
    label: "Overview",
    section: "Watch",
    icon: IconChartAreaLine,
    Screen: screen(() => import("./screens/overview.tsx")),
  },
  {
    path: "logs",
    label: "Logs",
    section: "Watch",
    icon: IconListDetails,
    Screen: screen(() => import("./screens/logs.tsx")),
  },
  {
    path: "deployments",
    label: "Deployments",
    section: "Manage",
    icon: IconHistory,
    Screen: screen(() => import("./screens/deployments.tsx")),
  },
  {
    path: "settings",
    label: "Settings",
    section: "Manage",
    icon: IconSettings,
    Screen: screen(() => import("./screens/settings.tsx")),
  },
];
