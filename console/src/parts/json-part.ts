/** Objects within JSON that people write: whatever may be there, and what is not understood is kept. */

export type Part = Readonly<Record<string, unknown>>;

export function isPart(value: unknown): value is Part {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Those members of a list that are objects. */
export function partsOf(value: unknown): readonly Part[] {
  return Array.isArray(value) ? value.filter(isPart) : [];
}

/** A member that is undefined is left out. */
export function withMember(part: Part, name: string, value: unknown): Part {
  if (value !== undefined) return { ...part, [name]: value };
  return Object.fromEntries(Object.entries(part).filter(([each]) => each !== name));
}
