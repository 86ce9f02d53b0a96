/** What there is on the server as a whole: the project and its apps. */
import { queryOptions } from "@tanstack/react-query";
import { call } from "./client.ts";
import { profileQuery } from "./settings.ts";

export interface AppSummary {
  readonly _id: string;
  readonly client_app_id: string;
  readonly name: string;
}

/** The one project of a server. */
export const groupQuery = queryOptions({
  queryKey: ["group"],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: async ({ client }) => {
    const { roles } = await client.ensureQueryData(profileQuery);
    const [role] = roles;
    if (role === undefined) throw new Error("this administrator has no project");
    return role.group_id;
  },
});

export const appsQuery = queryOptions({
  queryKey: ["apps"],
  queryFn: async ({ client }) => {
    const groupId = await client.ensureQueryData(groupQuery);
    return call<readonly AppSummary[]>({ path: `/groups/${groupId}/apps` });
  },
});
