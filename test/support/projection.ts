/** Applies projections that tests give as texts. */
import { Doc } from "../../src/bson/doc.ts";
import { compileMatch } from "../../src/query/match.ts";
import {
  compileAddFields,
  compileProjection,
  compileUnset,
  type Projection,
} from "../../src/query/projection.ts";
import { outcomeOf, readChange, readDoc, updateEnvironment } from "./update.ts";

export type ProjectionForm = "find" | "project" | "addFields" | "unset";

/** What the rows are about. */
export const whole =
  '{"_id":1,"n":1,"s":"x","a":[1,2,{"b":1,"c":2},[{"b":3,"d":4},5],[]],"o":{"p":1,"q":[1,2,3],"r":{"z":1}}}';

/** What a projection makes of `whole`: the document, or `CODE message`. */
export function projectText(form: ProjectionForm, spec: string, filter = "{}"): string {
  return outcomeOf(() => compile(form, spec, filter).apply(readDoc(whole)));
}

function compile(form: ProjectionForm, text: string, filter: string): Projection {
  const spec: unknown = readChange(text);
  if (!(spec instanceof Doc)) {
    const paths = Array.isArray(spec) ? spec.filter((each) => typeof each === "string") : [];
    return compileUnset(paths, updateEnvironment);
  }
  if (form === "addFields") return compileAddFields(spec, updateEnvironment);
  if (form === "project") return compileProjection(spec, updateEnvironment, "aggregate");
  const match = compileMatch(readDoc(filter), updateEnvironment);
  return compileProjection(spec, updateEnvironment, "find", match);
}
