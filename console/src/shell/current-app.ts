/** The app that the address names. */
import { useSuspenseQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { appsQuery, type AppSummary, groupQuery } from "../api/server.ts";

export interface CurrentApp extends AppSummary {
  /** Below the admin API: `/groups/…/apps/…`. */
  readonly path: string;
}

/** @throws where the address names no app of this server */
export function useCurrentApp(): CurrentApp {
  const { appId } = useParams({ strict: false }) as { readonly appId?: string };
  const { data: groupId } = useSuspenseQuery(groupQuery);
  const { data: apps } = useSuspenseQuery(appsQuery);
  const app = apps.find(({ _id }) => _id === appId);
  if (app === undefined) throw new Error("there is no such app on this server");
  return { ...app, path: `/groups/${groupId}/apps/${app._id}` };
}
