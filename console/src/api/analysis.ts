import { queryOptions } from "@tanstack/react-query";
import { act, keyOf, type Place } from "./data.ts";
import { printEjson } from "../ejson/print.ts";
import { countOf, type Ejson, EjsonObject, isEjsonArray, textOf, toEjson } from "../ejson/value.ts";

export interface AnalyzedField {
  /** `items[].sku`: `[]` stands for the elements of an array. */
  readonly path: string;
  readonly count: number;
  /** The most frequent first. */
  readonly types: readonly { readonly type: string; readonly count: number }[];
  /** At most 300 are told apart. */
  readonly distinct: number;
  readonly values: readonly { readonly value: Ejson; readonly count: number }[];
  readonly least: Ejson | undefined;
  readonly greatest: Ejson | undefined;
  readonly lengths:
    | { readonly least: number; readonly greatest: number; readonly mean: number }
    | undefined;
}

export interface Analysis {
  readonly sampled: number;
  readonly fields: readonly AnalyzedField[];
  /** Whether there are more fields. */
  readonly isCut: boolean;
}

export function analysisQuery(place: Place, filter: Ejson | undefined, size: number) {
  const asked = toEjson({ filter, size }) as EjsonObject;
  return queryOptions({
    queryKey: [...keyOf(place), "analysis", printEjson(asked)],
    queryFn: async ({ signal }) => readAnalysis(await act(place, "analyze", asked, signal)),
    structuralSharing: false,
  });
}

function readAnalysis(answer: EjsonObject): Analysis {
  return {
    sampled: countOf(answer.get("sampled")),
    fields: objects(answer.get("fields")).map(readField),
    isCut: answer.get("isCut") === true,
  };
}

function readField(field: EjsonObject): AnalyzedField {
  const lengths = field.get("lengths");
  return {
    path: textOf(field.get("path")),
    count: countOf(field.get("count")),
    types: objects(field.get("types")).map((each) => ({
      type: textOf(each.get("type")),
      count: countOf(each.get("count")),
    })),
    distinct: countOf(field.get("distinct")),
    values: objects(field.get("values")).map((each) => ({
      value: each.get("value") ?? null,
      count: countOf(each.get("count")),
    })),
    least: field.get("least"),
    greatest: field.get("greatest"),
    lengths:
      lengths instanceof EjsonObject
        ? {
            least: countOf(lengths.get("least")),
            greatest: countOf(lengths.get("greatest")),
            mean: Math.round(countOf(lengths.get("mean")) * 10) / 10,
          }
        : undefined,
  };
}

function objects(value: Ejson | undefined): readonly EjsonObject[] {
  return isEjsonArray(value) ? value.filter((each) => each instanceof EjsonObject) : [];
}
