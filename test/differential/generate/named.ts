/** Operands that are documents of named arguments. */
import { Doc } from "../../../src/bson/doc.ts";
import type { Value } from "../../../src/bson/value.ts";
import type { Random } from "../random.ts";
import type { Kind } from "./signature.ts";

/** What a special operator is made with. */
export interface Maker {
  readonly random: Random;
  readonly of: (kind: Kind, depth: number) => Value;
  readonly literal: (kind: Kind) => Value;
  readonly within: <T>(names: readonly string[], make: () => T) => T;
}

export type MakeSpecial = (maker: Maker, depth: number) => Value;

export interface Special {
  readonly gives: Kind;
  readonly make: MakeSpecial;
}

/** A document of named arguments: each of a type, or made by a function; some are left out. */
export function named(
  required: Readonly<Record<string, Kind | MakeSpecial>>,
  optional: Readonly<Record<string, Kind | MakeSpecial>> = {},
): MakeSpecial {
  return (maker, depth) => {
    const { random } = maker;
    const entries: [string, Value][] = [];
    const put = (name: string, part: Kind | MakeSpecial): void => {
      entries.push([name, typeof part === "function" ? part(maker, depth) : maker.of(part, depth)]);
    };
    for (const [name, part] of Object.entries(required)) if (!random.chance(0.01)) put(name, part);
    for (const [name, part] of Object.entries(optional)) if (random.chance(0.4)) put(name, part);
    if (random.chance(0.01)) entries.push(["unknown", 1]);
    return Doc.fromEntries(entries);
  };
}
