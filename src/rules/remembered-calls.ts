/** Functions that rules call: once per request for the same arguments, however many documents ask. */
import { Doc } from "../bson/doc.ts";
import type { Value } from "../bson/value.ts";
import type { RequestEnvironment } from "./expressions.ts";

const callsMax = 1000;

export function withRememberedCalls(environment: RequestEnvironment): RequestEnvironment {
  const known = new Map<string, Promise<Value | undefined>>();
  return {
    ...environment,
    async callFunction(name, args, scope) {
      const key = `${name}\0${Doc.of({ args }).toBytes().toString("latin1")}`;
      const found = known.get(key);
      if (found !== undefined) return found;
      const called = environment.callFunction(name, args, scope);
      if (known.size < callsMax) known.set(key, called);
      return called;
    },
  };
}
