/** Coverings: some cells, not too many, that together hold all of an area. */

/** What a piece of space is to an area: nothing of it, part of it, or that the piece is all in the area. */
export type Verdict<Center> =
  | { readonly kind: "apart" | "within" }
  /** `inner` judges smaller pieces of this piece, and need not look at what is not in it. */
  | { readonly kind: "mixed"; readonly inner: Area<Center> };

/** Judges the piece of space within a radius of a center; when in doubt it is mixed. */
export type Area<Center> = (center: Center, radius: number) => Verdict<Center>;

/** How a space is divided. */
export interface Division<Piece, Center> {
  readonly whole: readonly Piece[];
  partsOf(piece: Piece): readonly Piece[];
  /** What holds the piece, borders and rounding included. */
  discOf(piece: Piece): { readonly center: Center; readonly radius: number };
  levelOf(piece: Piece): number;
  /** From this level on pieces are not divided. */
  readonly levelMax: number;
}

interface Open<Piece, Center> {
  readonly piece: Piece;
  readonly area: Area<Center>;
}

/** Divides the largest pieces first, as long as there are no more than `most` (it may be a few more). */
export function cover<Piece, Center>(
  area: Area<Center>,
  division: Division<Piece, Center>,
  most: number,
): readonly Piece[] {
  const done: Piece[] = [];
  // Pieces come in the order of their levels, so a queue is enough.
  const queue: Open<Piece, Center>[] = [];
  const judge = (piece: Piece, judged: Area<Center>): void => {
    const { center, radius } = division.discOf(piece);
    const verdict = judged(center, radius);
    if (verdict.kind === "within") done.push(piece);
    else if (verdict.kind === "mixed") {
      if (division.levelOf(piece) >= division.levelMax) done.push(piece);
      else queue.push({ piece, area: verdict.inner });
    }
  };
  for (const piece of division.whole) judge(piece, area);
  while (queue.length > 0 && done.length + queue.length < most) {
    const { piece, area: inner } = queue.shift() as Open<Piece, Center>;
    for (const part of division.partsOf(piece)) judge(part, inner);
  }
  return [...done, ...queue.map(({ piece }) => piece)];
}

/** The area of several: what is in any of them. */
export function unionOf<Center>(areas: readonly Area<Center>[]): Area<Center> {
  const [only] = areas;
  if (only !== undefined && areas.length === 1) return only;
  return (center, radius) => {
    const inner: Area<Center>[] = [];
    for (const area of areas) {
      const verdict = area(center, radius);
      if (verdict.kind === "within") return verdict;
      if (verdict.kind === "mixed") inner.push(verdict.inner);
    }
    return inner.length === 0 ? apart : { kind: "mixed", inner: unionOf(inner) };
  };
}

export const apart = { kind: "apart" } as const;
export const within = { kind: "within" } as const;
