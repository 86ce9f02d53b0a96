/** The environment of filters that belong to the store itself: they must mean the same at any time. */
import { DateTime } from "../bson/value.ts";
import type { QueryEnvironment } from "../query/environment.ts";

export const constantEnvironment: QueryEnvironment = {
  now: new DateTime(0),
  random: () => 0,
  variables: new Map(),
};
