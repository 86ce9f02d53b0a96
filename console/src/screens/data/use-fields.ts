import { useQuery } from "@tanstack/react-query";
import { act, keyOf, type Place } from "../../api/data.ts";
import { EjsonObject, isEjsonArray } from "../../ejson/value.ts";
import { fieldWords } from "./words.ts";

const sampled = 50;
const none: readonly string[] = [];

/** Names of fields to offer, of the collection's first documents. */
export function useFields(place: Place): readonly string[] {
  const { data = none } = useQuery({
    queryKey: [...keyOf(place), "fields"],
    queryFn: async ({ signal }) => {
      const answer = await act(place, "browse", { limit: sampled }, signal);
      const rows = answer.get("documents");
      if (!isEjsonArray(rows)) return none;
      return fieldWords(
        rows.flatMap((row) => {
          const document = row instanceof EjsonObject ? row.get("document") : undefined;
          return document instanceof EjsonObject ? [document] : [];
        }),
      );
    },
  });
  return data;
}
