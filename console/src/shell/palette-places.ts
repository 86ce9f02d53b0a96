/** What the palette knows beside the screens: sides of screens, and what may be made. */

export interface PalettePlace {
  readonly label: string;
  readonly screen: string;
  readonly search: Readonly<Record<string, string | boolean>>;
}

export const sides: readonly (PalettePlace & { readonly of: string })[] = [
  { of: "Data API", label: "Keys of the Data API", screen: "data-api", search: {} },
  { of: "Functions", label: "Dependencies", screen: "functions", search: { tab: "dependencies" } },
  { of: "Users", label: "Users to be confirmed", screen: "users", search: { tab: "pending" } },
  { of: "Users", label: "Providers", screen: "users", search: { tab: "providers" } },
  { of: "Users", label: "Custom user data", screen: "users", search: { tab: "data" } },
  { of: "Users", label: "Sessions", screen: "users", search: { tab: "sessions" } },
  { of: "Values & secrets", label: "Environment", screen: "values", search: {} },
  { of: "Logs", label: "Log forwarders", screen: "logs", search: { tab: "forwarders" } },
  { of: "Logs", label: "Errors in the log", screen: "logs", search: { errors_only: true } },
  { of: "Settings", label: "Limits", screen: "settings", search: {} },
  { of: "Settings", label: "Allowed origins", screen: "settings", search: {} },
  { of: "Settings", label: "IP access list", screen: "settings", search: {} },
  { of: "Settings", label: "Data sources", screen: "settings", search: { tab: "data" } },
  { of: "Settings", label: "Settings of rules", screen: "settings", search: { tab: "data" } },
  {
    of: "Settings",
    label: "Administrators",
    screen: "settings",
    search: { tab: "administrators" },
  },
  { of: "Settings", label: "Audit log", screen: "settings", search: { tab: "audit" } },
];

/** For those who may change the app. */
export const makers: readonly PalettePlace[] = [
  { label: "New function", screen: "functions", search: { name: "" } },
  { label: "New endpoint", screen: "endpoints", search: { id: "new" } },
  { label: "New trigger", screen: "triggers", search: { id: "new" } },
  { label: "Review the draft", screen: "deployments", search: { tab: "draft" } },
];
