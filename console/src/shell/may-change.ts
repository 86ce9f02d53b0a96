/** What whoever is signed in may do: an owner everything, others may only look. */
import { useQuery } from "@tanstack/react-query";
import { profileQuery } from "../api/settings.ts";

/** False also while it is not known: nothing is offered that would be refused. */
export function useMayChange(): boolean {
  const { data: profile } = useQuery(profileQuery);
  return profile?.roles.some((each) => each.role_name === "GROUP_OWNER") === true;
}
